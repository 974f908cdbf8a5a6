package io.github.alphaumi.lab;

import io.github.alphaumi.core.AlphaUmiException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Takes records from files, one at a time, to files that are either whole or absent. Bad records
 * are reported and skipped; a killed run goes on at its last checkpoint; a manifest stands beside
 * each output.
 */
final class Batch {
  private static final int RECORD_LIMIT = 64 << 20;
  private static final int REPORTED = 20;

  private final Console console;
  private final String command;
  private final Map<String, Object> settings;
  private final List<Path> inputs;
  private final List<Path> outputs;
  private final int indent;
  private final long checkpointBytes;
  private final List<Long> sizes = new ArrayList<>();
  private final List<String> stamps = new ArrayList<>();
  private List<RecordWriter> writers = List.of();
  private Tally tally = new Tally();
  private long sinceCheckpoint;

  /**
   * @param indent of the outputs
   * @param checkpointBytes how many bytes are read from checkpoint to checkpoint
   */
  Batch(
      Console console,
      String command,
      Map<String, Object> settings,
      List<Path> inputs,
      List<Path> outputs,
      int indent,
      long checkpointBytes) {
    this.console = console;
    this.command = command;
    this.settings = settings;
    this.inputs = inputs;
    this.outputs = outputs;
    this.indent = indent;
    this.checkpointBytes = checkpointBytes;
  }

  /**
   * @return what was counted
   * @throws AlphaUmiException if an output exists or an input changes while it is read
   */
  Tally run(RecordStep step) throws IOException {
    for (Path input : inputs) {
      sizes.add(Files.size(input));
      stamps.add(stamp(input));
    }
    String work = Hashes.of(command + settings + inputs + outputs + stamps + Manifest.version());
    Path checkpointFile = Checkpoint.path(outputs.get(0));
    Optional<Checkpoint> checkpoint = Checkpoint.load(checkpointFile, work);
    if (checkpoint.isEmpty()) {
      prepare();
    }
    if (checkpoint.isEmpty() || checkpoint.get().file() < inputs.size()) {
      readAll(step, work, checkpoint, checkpointFile);
    } else {
      tally = checkpoint.get().tally();
    }
    for (Path output : outputs) {
      Path part = RecordWriter.part(output);
      if (Files.exists(part)) {
        Files.move(part, output, StandardCopyOption.ATOMIC_MOVE);
      }
    }
    Files.deleteIfExists(checkpointFile);
    return tally;
  }

  private void prepare() throws IOException {
    for (Path output : outputs) {
      if (Files.exists(output)) {
        throw new AlphaUmiException(
            "output " + output + " exists; delete it or choose another name");
      }
      Files.createDirectories(output.toAbsolutePath().getParent());
    }
  }

  private void readAll(
      RecordStep step, String work, Optional<Checkpoint> checkpoint, Path checkpointFile)
      throws IOException {
    checkpoint.ifPresent(
        c -> {
          tally = c.tally();
          step.restore(c.state());
          console.err().println("going on at " + inputs.get(c.file()) + ", record " + c.index());
        });
    writers = new ArrayList<>();
    long total = sizes.stream().mapToLong(Long::longValue).sum();
    try (Progress progress = new Progress(console, command, total, " MB", 1 << 20)) {
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
        manifest(writer);
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
    Path input = inputs.get(reading.file);
    HashedFile hashed = new HashedFile(input);
    long before = tally.bytes;
    long index = reading.index;
    try (RecordReader reader =
        new RecordReader(hashed.content(), Inputs.isLines(input), RECORD_LIMIT)) {
      reader.skip(reading.position);
      long position = reader.position();
      try {
        for (RecordReader.Raw raw = reader.next(); raw != null; raw = reader.next()) {
          apply(reading.step, input, index++, raw);
          sinceCheckpoint += reader.position() - position;
          position = reader.position();
          reading.progress.at(before + hashed.bytesRead());
          if (sinceCheckpoint >= checkpointBytes) {
            checkpoint(reading, position, index);
          }
        }
      } catch (ZipException | EOFException e) {
        skip(input, index, "the rest of the file cannot be unpacked: " + e.getMessage());
      }
      String sha256 = hashed.sha256();
      if (!stamp(input).equals(stamps.get(reading.file))) {
        throw new AlphaUmiException("input " + input + " changed while it was read; run again");
      }
      tally.read(input.toString(), sizes.get(reading.file), sha256);
    }
  }

  private void apply(RecordStep step, Path input, long index, RecordReader.Raw raw)
      throws IOException {
    Results results = new Results();
    try {
      if (raw.tooLarge()) {
        throw new BadRecordException("more than " + (RECORD_LIMIT >> 20) + " MB");
      }
      step.apply(input, Fields.parse(raw.bytes()), results);
    } catch (BadRecordException e) {
      skip(input, index, e.getMessage());
      return;
    }
    for (Map.Entry<Integer, Object> result : results.records) {
      writers.get(result.getKey()).write(result.getValue());
    }
    results.counts.forEach(tally::count);
  }

  private void skip(Path input, long index, @Nullable String problem) {
    String report = input + ", record " + index + ": " + problem;
    tally.skip(report);
    if (tally.skipped <= REPORTED) {
      console.err().println("skipped " + report);
    } else if (tally.skipped == REPORTED + 1) {
      console.err().println("further skips are in the manifest only");
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

  private void manifest(RecordWriter writer) {
    Map<String, Object> details = new LinkedHashMap<>(tally.report());
    Map<String, Object> output = new LinkedHashMap<>();
    output.put("file", writer.target().getFileName().toString());
    output.put("records", writer.records());
    output.put("bytes", writer.bytes());
    output.put("sha256", writer.sha256());
    details.put("output", output);
    Manifest.write(writer.target(), command, settings, details);
  }

  private static String stamp(Path file) throws IOException {
    return Files.size(file) + "@" + Files.getLastModifiedTime(file);
  }

  /** Results of one record, kept back until all of it was understood. */
  private static final class Results implements RecordStep.Sink {
    private final List<Map.Entry<Integer, Object>> records = new ArrayList<>();
    private final List<String> counts = new ArrayList<>();

    @Override
    public void write(int output, Object record) {
      records.add(Map.entry(output, record));
    }

    @Override
    public void count(String name) {
      counts.add(name);
    }
  }
}
