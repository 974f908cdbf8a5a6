package io.github.alphaumi.core;

import java.time.Duration;

/** Adds up what a run costs. Thread-safe. */
final class UsageMeter {
  private int modelCalls;
  private int toolCalls;
  private long inputTokens;
  private long cachedTokens;
  private long outputTokens;
  private int repairs;

  synchronized void model(ModelUse use) {
    modelCalls++;
    inputTokens += use.inputTokens();
    cachedTokens += use.cachedTokens();
    outputTokens += use.outputTokens();
  }

  synchronized void tool(Observation.Status status) {
    toolCalls += status.ran() ? 1 : 0;
  }

  synchronized void repair() {
    repairs++;
  }

  synchronized long tokens() {
    return inputTokens + outputTokens;
  }

  synchronized Usage total(Duration elapsed) {
    return new Usage(
        modelCalls, toolCalls, inputTokens, cachedTokens, outputTokens, repairs, elapsed);
  }
}
