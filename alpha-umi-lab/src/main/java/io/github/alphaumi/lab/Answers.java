package io.github.alphaumi.lab;

import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.core.PythonJson;
import io.github.alphaumi.core.RunStoppedException;
import io.github.alphaumi.core.StopReason;
import java.io.Closeable;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a model answered, kept line by line while it works, so that a killed evaluation asks only
 * for what is missing. Thread-safe.
 */
final class Answers implements Closeable {
  private static final String WORK = "work";
  private static final String KEY = "key";

  private final Path file;
  private final Map<String, Map<String, @Nullable Object>> known = new HashMap<>();
  private final Writer out;

  /**
   * @param work what is asked of what; answers of other work are refused
   */
  Answers(Path file, String work) throws IOException {
    this.file = file;
    boolean goesOn = Files.exists(file) && Files.size(file) > 0;
    if (goesOn) {
      read(work);
    }
    Path folder = file.toAbsolutePath().getParent();
    Files.createDirectories(folder);
    out =
        Files.newBufferedWriter(
            file, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    if (!goesOn) {
      line(Map.of(WORK, work));
    }
  }

  /** Keeps answers for this run alone. */
  static Answers inMemory() {
    return new Answers();
  }

  private Answers() {
    file = Path.of("");
    out = Writer.nullWriter();
  }

  private void read(String work) throws IOException {
    String text = Files.readString(file);
    int whole = text.lastIndexOf('\n') + 1;
    if (whole < text.length()) {
      // The process was killed in the middle of a line.
      Files.writeString(file, text.substring(0, whole));
    }
    List<String> lines = text.substring(0, whole).lines().toList();
    try {
      if (lines.isEmpty() || !work.equals(parse(lines.get(0)).get(WORK))) {
        throw new AlphaUmiException(
            file + " holds answers of another model or other data; delete it to start again");
      }
      for (String line : lines.subList(1, lines.size())) {
        Map<String, @Nullable Object> answer = parse(line);
        known.put(Fields.text(answer, KEY), answer);
      }
    } catch (BadRecordException e) {
      throw new AlphaUmiException(
          file + " is no file of answers (" + e.getMessage() + "); delete it to start again", e);
    }
  }

  private static Map<String, @Nullable Object> parse(String line) throws BadRecordException {
    return Fields.asObject(Fields.value(line), "a line");
  }

  /**
   * What to keep of a question that a model could not be asked.
   *
   * @throws RunStoppedException the same one, if asking again may help
   */
  static String reason(RunStoppedException e) {
    if (e.reason() == StopReason.MODEL_FAILED || e.reason() == StopReason.CANCELLED) {
      throw e;
    }
    return String.valueOf(e.getMessage());
  }

  synchronized Optional<Map<String, @Nullable Object>> get(String key) {
    return Optional.ofNullable(known.get(key));
  }

  synchronized void add(String key, Map<String, @Nullable Object> answer) throws IOException {
    Map<String, @Nullable Object> line = new LinkedHashMap<>();
    line.put(KEY, key);
    line.putAll(answer);
    known.put(key, line);
    line(line);
  }

  private void line(Map<String, ?> line) throws IOException {
    out.write(PythonJson.write(line) + "\n");
    out.flush();
  }

  synchronized int size() {
    return known.size();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
