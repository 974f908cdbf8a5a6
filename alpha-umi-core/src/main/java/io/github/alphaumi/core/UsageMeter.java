package io.github.alphaumi.core;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Adds up what a run costs, and tells the meter of the run that asked for it. Thread-safe.
 *
 * @see Limits
 */
final class UsageMeter {
  private final Budget.Price price;
  private final @Nullable UsageMeter outer;
  private int modelCalls;
  private int toolCalls;
  private long inputTokens;
  private long cachedTokens;
  private long outputTokens;
  private int repairs;
  private double cost;

  UsageMeter(Budget.Price price, @Nullable UsageMeter outer) {
    this.price = price;
    this.outer = outer;
  }

  void model(Role role, ModelUse use) {
    double paid = price.of(role, use);
    synchronized (this) {
      modelCalls++;
      inputTokens += use.inputTokens();
      cachedTokens += use.cachedTokens();
      outputTokens += use.outputTokens();
      cost += paid;
    }
    if (outer != null) {
      outer.model(role, use);
    }
  }

  /** A tool that was started. */
  void tool() {
    synchronized (this) {
      toolCalls++;
    }
    if (outer != null) {
      outer.tool();
    }
  }

  /** What an agent that was asked in an earlier life of the run has cost. */
  void add(AgentResult.Usage usage) {
    synchronized (this) {
      modelCalls += usage.modelCalls();
      toolCalls += usage.toolCalls();
      inputTokens += usage.inputTokens();
      cachedTokens += usage.cachedTokens();
      outputTokens += usage.outputTokens();
      repairs += usage.repairs();
      cost += usage.cost();
    }
    if (outer != null) {
      outer.add(usage);
    }
  }

  void repair() {
    synchronized (this) {
      repairs++;
    }
    if (outer != null) {
      outer.repair();
    }
  }

  synchronized AgentResult.Usage total(Duration elapsed) {
    return new AgentResult.Usage(
        modelCalls, toolCalls, inputTokens, cachedTokens, outputTokens, repairs, cost, elapsed);
  }
}
