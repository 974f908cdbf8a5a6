package io.github.alphaumi.core;

import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A run's budget and what is left of it, within what is left to the run that asked for it.
 * Thread-safe.
 */
final class Limits {
  private final Budget budget;
  private final UsageMeter meter;
  private final Supplier<Duration> elapsed;
  private final @Nullable Limits outer;

  Limits(Budget budget, UsageMeter meter, Supplier<Duration> elapsed, @Nullable Limits outer) {
    this.budget = budget;
    this.meter = meter;
    this.elapsed = elapsed;
    this.outer = outer;
  }

  UsageMeter meter() {
    return meter;
  }

  int steps() {
    return budget.steps();
  }

  Duration timeLeft() {
    Duration left = budget.time().minus(elapsed.get());
    if (outer == null) {
      return left;
    }
    Duration outerLeft = outer.timeLeft();
    return left.compareTo(outerLeft) < 0 ? left : outerLeft;
  }

  boolean timeIsUp() {
    Duration left = timeLeft();
    return left.isNegative() || left.isZero();
  }

  /** The limit of time that is met. */
  Duration time() {
    boolean own = budget.time().compareTo(elapsed.get()) <= 0;
    return own || outer == null ? budget.time() : outer.time();
  }

  long tokensLeft() {
    long left = budget.tokens() - tokens(usage());
    return outer == null ? left : Math.min(left, outer.tokensLeft());
  }

  /**
   * @throws RunStoppedException if models have used up something
   */
  void checkModels() {
    AgentResult.Usage usage = usage();
    if (tokens(usage) >= budget.tokens()) {
      throw spent(StopReason.TOKEN_LIMIT, "%,d tokens", budget.tokens());
    }
    if (usage.modelCalls() >= budget.modelCalls()) {
      throw spent(StopReason.MODEL_CALL_LIMIT, "%,d model calls", budget.modelCalls());
    }
    if (usage.cost() >= budget.cost()) {
      throw spent(StopReason.COST_LIMIT, "%s for models", budget.cost());
    }
    if (outer != null) {
      outer.checkModels();
    }
  }

  /**
   * @throws RunStoppedException if no tool may be started any more
   */
  void checkTools() {
    if (usage().toolCalls() >= budget.toolCalls()) {
      throw spent(StopReason.TOOL_CALL_LIMIT, "%,d tool calls", budget.toolCalls());
    }
    if (outer != null) {
      outer.checkTools();
    }
  }

  /** Calls of tools that may still be started; zero or less when there are none. */
  int toolCallsLeft() {
    int left = budget.toolCalls() - usage().toolCalls();
    return outer == null ? left : Math.min(left, outer.toolCallsLeft());
  }

  private AgentResult.Usage usage() {
    return meter.total(Duration.ZERO);
  }

  private static long tokens(AgentResult.Usage usage) {
    return usage.inputTokens() + usage.outputTokens();
  }

  private static RunStoppedException spent(StopReason reason, String format, Object limit) {
    return new RunStoppedException(
        reason, "the budget of " + String.format(Locale.ROOT, format, limit) + " is used up");
  }
}
