package io.github.alphaumi.lab;

import io.github.alphaumi.core.ModelUse;
import io.github.alphaumi.core.TextModel;
import io.github.alphaumi.onnx.OnnxModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How fast one request is read and written. The kinds of measurement take turns. */
final class SpeedBench {
  private static final int SHORTEST = 16;

  private final OnnxModel model;
  private final BenchPrompts prompts;
  private final BenchPlan plan;

  SpeedBench(OnnxModel model, BenchPlan plan) {
    this.model = model;
    this.plan = plan;
    prompts = new BenchPrompts(model.tokenizer(), 1);
  }

  /**
   * @param bandwidth gigabytes a second that memory gives to as many threads
   */
  List<BenchRow> run(double bandwidth) {
    Map<String, List<Double>> values = new LinkedHashMap<>();
    for (int round = -1; round < plan.repetitions(); round++) {
      for (int length : plan.lengths()) {
        double rate = prefill(length);
        keep(values, "prefill " + length, round, rate);
      }
      for (int length : plan.contexts()) {
        keep(values, "decode after " + length, round, decode(model, length));
      }
    }
    List<BenchRow> rows = new ArrayList<>();
    values.forEach(
        (metric, rates) ->
            rows.add(
                BenchRow.of(
                    metric,
                    BenchRow.RATE,
                    metric.startsWith("decode") ? ofBound(best(rates), bandwidth) : "",
                    rates.stream().mapToDouble(Double::doubleValue).toArray())));
    return rows;
  }

  /** The first round warms up. */
  private static void keep(
      Map<String, List<Double>> values, String metric, int round, double value) {
    if (round >= 0) {
      values.computeIfAbsent(metric, absent -> new ArrayList<>()).add(value);
    }
  }

  private static double best(List<Double> rates) {
    return rates.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
  }

  private String ofBound(double rate, double bandwidth) {
    double bound = bandwidth * 1e9 / model.bytesPerToken();
    return String.format(
        java.util.Locale.ROOT,
        "%.0f %% of what memory allows (%.1f GB/s, %.0f MB a token)",
        100 * rate / bound,
        bandwidth,
        model.bytesPerToken() / 1e6);
  }

  private double prefill(int length) {
    ModelUse use = model.complete(prompts.request(length, 1)).use();
    return rate(use.inputTokens() - use.cachedTokens(), use.prefill());
  }

  private double decode(TextModel writer, int context) {
    for (int attempt = 0; attempt < 8; attempt++) {
      ModelUse use = writer.complete(prompts.request(context, plan.tokens())).use();
      if (use.outputTokens() >= Math.min(SHORTEST, plan.tokens())) {
        return rate(use.outputTokens(), use.decode());
      }
    }
    throw new IllegalStateException("the model ends its texts before " + SHORTEST + " tokens");
  }

  static double rate(int tokens, Duration time) {
    return tokens * 1e9 / Math.max(1, time.toNanos());
  }
}
