package io.github.alphaumi.lab;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of one record, wherever it is worked on: results, or a reason why there are none.
 */
final class RecordWork {
  private static final int LIMIT = 64 << 20;

  private RecordWork() {}

  /** Takes what became of a record. */
  interface Output {
    void write(int output, Object record) throws IOException;

    void count(String name);

    /** Takes the report of a record that cannot be used. */
    void skip(String report);
  }

  static RecordReader reader(InputStream content, Path input) {
    return new RecordReader(content, Inputs.form(input), LIMIT);
  }

  /**
   * @param source where the record lies
   * @param input the same, as reports name it
   * @param index of the record in the input, from 0
   */
  static void apply(
      RecordStep step, Path source, Path input, long index, RecordReader.Raw raw, Output output)
      throws IOException {
    Results results = new Results();
    try {
      if (raw.tooLarge()) {
        throw new BadRecordException("more than " + (LIMIT >> 20) + " MB");
      }
      Map<String, @Nullable Object> record =
          Inputs.form(source) == RecordReader.Form.FILE ? Map.of() : Fields.parse(raw.bytes());
      step.apply(source, record, results);
    } catch (BadRecordException e) {
      output.skip(report(input, index, e.getMessage()));
      return;
    }
    for (Map.Entry<Integer, Object> result : results.records) {
      output.write(result.getKey(), result.getValue());
    }
    results.counts.forEach(output::count);
  }

  static String report(Path input, long index, @Nullable String problem) {
    return input + ", record " + index + ": " + problem;
  }

  /** Of an input that is packed and damaged. */
  static String cannotBeUnpacked(Path input, long index, IOException problem) {
    return report(input, index, "the rest of the file cannot be unpacked: " + problem.getMessage());
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
