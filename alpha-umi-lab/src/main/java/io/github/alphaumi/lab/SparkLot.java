package io.github.alphaumi.lab;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What one Spark task does: takes pieces of the inputs to a part of each output, and leaves a note
 * when all of it is written. A task that is tried again, or twice at a time, writes files of its
 * own until then.
 *
 * @param number of the lot, in the order of the inputs
 * @param folder where parts and notes go, which all machines see
 * @param outputs the files that the parts are for
 * @param state what the step has to remember of earlier records
 */
record SparkLot(
    int number,
    ArrayList<SparkPiece> pieces,
    String folder,
    ArrayList<String> outputs,
    int indent,
    @Nullable String state)
    implements Serializable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int LISTED = 100;

  /** What was counted in a lot. */
  static final class Note {
    public List<Long> records = new ArrayList<>();
    public Map<String, Long> counts = new LinkedHashMap<>();
    public List<String> skips = new ArrayList<>();
    public long skipped;
  }

  /** The state that the step has after the lot; nothing is written. */
  @Nullable String stateAfter(StepSource source) throws IOException {
    RecordStep step = source.open();
    step.restore(state);
    for (SparkPiece piece : pieces) {
      piece.apply(step, new Nowhere());
    }
    return step.state();
  }

  void write(StepSource source) throws IOException {
    RecordStep step = source.open();
    step.restore(state);
    String attempt = "." + UUID.randomUUID();
    Parts parts = new Parts(attempt);
    try (parts) {
      for (SparkPiece piece : pieces) {
        piece.apply(step, parts);
      }
    }
    for (int i = 0; i < outputs.size(); i++) {
      replace(Path.of(part(i) + attempt), part(i));
    }
    Path note = Path.of(note() + attempt);
    Files.write(note, JSON.writeValueAsBytes(parts.note));
    replace(note, note());
  }

  private static void replace(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** What was counted; empty if the lot is not done. */
  Optional<Note> done() throws IOException {
    return Files.exists(note())
        ? Optional.of(JSON.readValue(note().toFile(), Note.class))
        : Optional.empty();
  }

  Path part(int output) {
    return Path.of(folder, number + "." + output);
  }

  private Path note() {
    return Path.of(folder, number + ".done");
  }

  /** The part files of one attempt. */
  private final class Parts implements RecordWork.Output, AutoCloseable {
    private final Note note = new Note();
    private final List<BufferedWriter> writers = new ArrayList<>();

    Parts(String attempt) throws IOException {
      for (int i = 0; i < outputs.size(); i++) {
        writers.add(Files.newBufferedWriter(Path.of(part(i) + attempt), StandardCharsets.UTF_8));
        note.records.add(0L);
      }
    }

    @Override
    public void write(int output, Object record) throws IOException {
      writers.get(output).write(RecordWriter.layOut(Path.of(outputs.get(output)), indent, record));
      note.records.set(output, note.records.get(output) + 1);
    }

    @Override
    public void count(String name) {
      note.counts.merge(name, 1L, Long::sum);
    }

    @Override
    public void skip(String report) {
      note.skipped++;
      if (note.skips.size() < LISTED) {
        note.skips.add(report);
      }
    }

    @Override
    public void close() throws IOException {
      for (BufferedWriter writer : writers) {
        writer.close();
      }
    }
  }

  /** Takes nothing. */
  private static final class Nowhere implements RecordWork.Output {
    @Override
    public void write(int output, Object record) {}

    @Override
    public void count(String name) {}

    @Override
    public void skip(String report) {}
  }
}
