package io.github.alphaumi.lab;

import io.github.alphaumi.core.Prompt;
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

/**
 * Tokens a second that several requests together write. All write to their limit, and their prompts
 * were read before: with prompts to read, or with rows that end early, the figure would be of
 * something else.
 */
final class BatchBench {
  private static final int PROMPT = 32;
  private static final int ATTEMPTS = 200;

  private final OnnxModel model;
  private final BenchPlan plan;

  BatchBench(OnnxModel model, BenchPlan plan) {
    this.model = model;
    this.plan = plan;
  }

  List<BenchRow> run() throws InterruptedException {
    int most = plan.batches().stream().mapToInt(Integer::intValue).max().orElse(1);
    List<Prompt> prompts = goingOn(most);
    together(prompts, 1);
    Map<Integer, double[]> rates = new LinkedHashMap<>();
    plan.batches().forEach(batch -> rates.put(batch, new double[plan.repetitions()]));
    for (int round = -1; round < plan.repetitions(); round++) {
      for (int batch : plan.batches()) {
        double rate = together(prompts.subList(0, batch), plan.tokens());
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

  /** Prompts after which the model does not end its text before the limit. */
  private List<Prompt> goingOn(int count) {
    BenchPrompts drawn = new BenchPrompts(model.tokenizer(), 2);
    List<Prompt> prompts = new ArrayList<>();
    for (int attempt = 0; prompts.size() < count; attempt++) {
      if (attempt == ATTEMPTS) {
        throw new IllegalStateException(
            "the model ends its texts before "
                + plan.tokens()
                + " tokens after nearly every prompt; choose fewer with --tokens");
      }
      Prompt prompt = drawn.prompt(PROMPT);
      if (model.complete(request(prompt, plan.tokens())).use().outputTokens() == plan.tokens()) {
        prompts.add(prompt);
      }
    }
    return prompts;
  }

  private static TextModel.Request request(Prompt prompt, int tokens) {
    return TextModel.Request.builder(prompt).maxTokens(tokens).build();
  }

  private double together(List<Prompt> prompts, int tokens) throws InterruptedException {
    List<Callable<Integer>> requests = new ArrayList<>();
    for (Prompt prompt : prompts) {
      requests.add(() -> model.complete(request(prompt, tokens)).use().outputTokens());
    }
    ExecutorService threads = Executors.newFixedThreadPool(prompts.size());
    try {
      long start = System.nanoTime();
      int written = 0;
      for (Future<Integer> done : threads.invokeAll(requests)) {
        written += done.get();
      }
      return written * 1e9 / (System.nanoTime() - start);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }
}
