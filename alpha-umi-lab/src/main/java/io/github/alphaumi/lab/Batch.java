package io.github.alphaumi.lab;

import io.github.alphaumi.core.AlphaUmiException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipException;

/**
 * Takes records from files, one at a time, to files that are either whole or absent. Bad records
 * are reported and skipped; a killed run goes on at its last checkpoint; a manifest stands beside
 * each output.
 */
final class Batch {
  private static final int REPORTED = 20;

  private final Console console;
  private final BatchFiles files;
  private final int indent;
  private final long checkpointBytes;
  private List<RecordWriter> writers = List.of();
  private Tally tally = new Tally();
  private long sinceCheckpoint;

  /**
   * @param indent of the outputs
   * @param checkpointBytes how many bytes are read from checkpoint to checkpoint
   */
  Batch(Console console, BatchFiles files, int indent, long checkpointBytes) {
    this.console = console;
    this.files = files;
    this.indent = indent;
    this.checkpointBytes = checkpointBytes;
  }

  /**
   * @return what was counted
   * @throws AlphaUmiException if an output exists or an input changes while it is read
   */
  Tally run(RecordStep step) throws IOException {
    String work = files.begin();
    Path checkpointFile = Checkpoint.path(files.outputs().get(0));
    Optional<Checkpoint> checkpoint = Checkpoint.load(checkpointFile, work);
    if (checkpoint.isEmpty()) {
      files.prepareOutputs();
    }
    if (checkpoint.isEmpty() || checkpoint.get().file() < files.inputs().size()) {
      readAll(step, work, checkpoint, checkpointFile);
    } else {
      tally = checkpoint.get().tally();
    }
    files.publish();
    Files.deleteIfExists(checkpointFile);
    return tally;
  }

  private void readAll(
      RecordStep step, String work, Optional<Checkpoint> checkpoint, Path checkpointFile)
      throws IOException {
    checkpoint.ifPresent(
        c -> {
          tally = c.tally();
          step.restore(c.state());
          console
              .err()
              .println("going on at " + files.inputs().get(c.file()) + ", record " + c.index());
        });
    writers = new ArrayList<>();
    List<Path> inputs = files.inputs();
    List<Path> outputs = files.outputs();
    try (Progress progress = new Progress(console, files.command(), files.size(), " MB", 1 << 20)) {
      for (int i = 0; i < outputs.size(); i++) {
        Checkpoint.Length length =
            checkpoint.isPresent()
                ? checkpoint.get().outputs().get(i)
                : new Checkpoint.Length(0, 0);
        writers.add(new RecordWriter(outputs.get(i), indent, length.records(), length.bytes()));
      }
      for (int file = checkpoint.map(Checkpoint::file).orElse(0); file < inputs.size(); file++) {
        boolean goingOn = checkpoint.isPresent() && checkpoint.get().file() == file;
        readFile(
            new Reading(
                step,
                file,
                goingOn ? checkpoint.get().position() : 0,
                goingOn ? checkpoint.get().index() : 0,
                work,
                checkpointFile,
                progress));
      }
      for (RecordWriter writer : writers) {
        writer.end();
        files.writeManifest(writer, tally);
      }
      checkpoint(new Reading(step, inputs.size(), 0, 0, work, checkpointFile, progress), 0, 0);
    } finally {
      for (RecordWriter writer : writers) {
        writer.close();
      }
    }
  }

  /** One file's reading, and from where. */
  private record Reading(
      RecordStep step,
      int file,
      long position,
      long index,
      String work,
      Path checkpointFile,
      Progress progress) {}

  private void readFile(Reading reading) throws IOException {
    Path input = files.inputs().get(reading.file);
    HashedFile hashed = new HashedFile(input);
    long before = tally.bytes;
    long index = reading.index;
    Output output = new Output();
    try (RecordReader reader = RecordWork.reader(hashed.content(), input)) {
      reader.skip(reading.position);
      long position = reader.position();
      try {
        for (RecordReader.Raw raw = reader.next(); raw != null; raw = reader.next()) {
          RecordWork.apply(reading.step, input, input, index++, raw, output);
          sinceCheckpoint += reader.position() - position;
          position = reader.position();
          reading.progress.at(before + hashed.bytesRead());
          if (sinceCheckpoint >= checkpointBytes) {
            checkpoint(reading, position, index);
          }
        }
      } catch (ZipException | EOFException e) {
        output.skip(RecordWork.cannotBeUnpacked(input, index, e));
      }
      String sha256 = hashed.sha256();
      files.checkUnchanged(reading.file);
      tally.read(input.toString(), files.size(reading.file), sha256);
    }
  }

  private void checkpoint(Reading reading, long position, long index) throws IOException {
    List<Checkpoint.Length> lengths = new ArrayList<>();
    for (RecordWriter writer : writers) {
      writer.flush();
      lengths.add(new Checkpoint.Length(writer.records(), writer.bytes()));
    }
    new Checkpoint(
            reading.work, reading.file, position, index, lengths, tally, reading.step.state())
        .save(reading.checkpointFile);
    sinceCheckpoint = 0;
  }

  /** Writes results to the outputs, and reports skips. */
  private final class Output implements RecordWork.Output {
    @Override
    public void write(int output, Object record) throws IOException {
      writers.get(output).write(record);
    }

    @Override
    public void count(String name) {
      tally.count(name);
    }

    @Override
    public void skip(String report) {
      tally.skip(report);
      reportSkip(console, tally.skipped, report);
    }
  }

  /**
   * Tells of the first records that are skipped.
   *
   * @param skipped how many were until now, this one included
   */
  static void reportSkip(Console console, long skipped, String report) {
    if (skipped <= REPORTED) {
      console.err().println("skipped " + report);
    } else if (skipped == REPORTED + 1) {
      console.err().println("further skips are in the manifest only");
    }
  }
}
