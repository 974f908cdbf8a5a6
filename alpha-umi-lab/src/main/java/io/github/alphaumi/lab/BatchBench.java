package io.github.alphaumi.lab;

import io.github.alphaumi.core.TextModel;
import io.github.alphaumi.onnx.OnnxModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Tokens a second of several requests together that are served at a time. */
final class BatchBench {
  private static final int PROMPT = 32;

  private final OnnxModel model;
  private final BenchPlan plan;
  private final BenchPrompts prompts;

  BatchBench(OnnxModel model, BenchPlan plan) {
    this.model = model;
    this.plan = plan;
    prompts = new BenchPrompts(model.tokenizer(), 2);
  }

  List<BenchRow> run() throws InterruptedException {
    Map<Integer, double[]> rates = new LinkedHashMap<>();
    plan.batches().forEach(batch -> rates.put(batch, new double[plan.repetitions()]));
    for (int round = -1; round < plan.repetitions(); round++) {
      for (int batch : plan.batches()) {
        double rate = together(batch);
        if (round >= 0) {
          rates.get(batch)[round] = rate;
        }
      }
    }
    List<BenchRow> rows = new ArrayList<>();
    BenchRow first = null;
    for (Map.Entry<Integer, double[]> entry : rates.entrySet()) {
      BenchRow row =
          BenchRow.of(
              "decode of " + entry.getKey() + " at a time", BenchRow.RATE, "", entry.getValue());
      first = first == null ? row : first;
      String note =
          String.format(java.util.Locale.ROOT, "%.2fx of the first", row.median() / first.median());
      rows.add(BenchRow.of(row.metric(), row.unit(), row == first ? "" : note, row.values()));
    }
    return rows;
  }

  private double together(int batch) throws InterruptedException {
    List<Callable<Integer>> requests = new ArrayList<>();
    for (int i = 0; i < batch; i++) {
      TextModel.Request request = prompts.request(PROMPT, plan.tokens());
      requests.add(() -> model.complete(request).use().outputTokens());
    }
    ExecutorService threads = Executors.newFixedThreadPool(batch);
    try {
      long start = System.nanoTime();
      int tokens = 0;
      for (Future<Integer> done : threads.invokeAll(requests)) {
        tokens += done.get();
      }
      return tokens * 1e9 / (System.nanoTime() - start);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }
}
