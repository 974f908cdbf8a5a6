package io.github.alphaumi.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.stream.DoubleStream;

/**
 * One figure of a benchmark, measured several times. Immutable.
 *
 * @param engine who was measured
 * @param metric what was measured; figures of different engines with the same name are compared
 * @param unit of the values; of tokens a second more is better, of everything else less
 * @param values in the order in which they were measured
 * @param note what a reader has to know, or empty
 */
record BenchRow(String engine, String metric, String unit, double[] values, String note) {
  static final String RATE = "tokens/s";
  static final String MILLISECONDS = "ms";
  static final String MEGABYTES = "MB";
  static final String RATIO = "x";

  /** The name under which this library's own figures stand. */
  static final String UMI = "umi";

  BenchRow {
    if (values.length == 0) {
      throw new IllegalArgumentException(metric + ": no values");
    }
  }

  static BenchRow of(String metric, String unit, String note, double... values) {
    return new BenchRow(UMI, metric, unit, values, note);
  }

  /** The values of both as one figure. */
  BenchRow with(BenchRow more) {
    double[] both =
        DoubleStream.concat(DoubleStream.of(values), DoubleStream.of(more.values)).toArray();
    return new BenchRow(engine, metric, unit, both, note);
  }

  double median() {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  double best() {
    DoubleStream all = DoubleStream.of(values);
    return moreIsBetter() ? all.max().orElseThrow() : all.min().orElseThrow();
  }

  private boolean moreIsBetter() {
    return unit.equals(RATE) || unit.equals(RATIO) || unit.equals("GB/s") || unit.equals("%");
  }

  /** How many times better than a peer's figure this one is, by medians. */
  double timesBetterThan(BenchRow peer) {
    return moreIsBetter() ? median() / peer.median() : peer.median() / median();
  }

  ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("engine", engine).put("metric", metric).put("unit", unit);
    json.put("median", median()).put("best", best());
    DoubleStream.of(values).forEach(json.putArray("values")::add);
    return note.isEmpty() ? json : json.put("note", note);
  }

  /**
   * @throws IllegalArgumentException if a key is missing
   */
  static BenchRow fromJson(JsonNode json) {
    double[] values = new double[json.path("values").size()];
    Arrays.setAll(values, i -> json.get("values").get(i).asDouble());
    return new BenchRow(
        json.required("engine").asText(),
        json.required("metric").asText(),
        json.required("unit").asText(),
        values,
        json.path("note").asText());
  }
}
