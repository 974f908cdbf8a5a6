package io.github.alphaumi.core;

import java.time.Duration;

/**
 * Limits of one run, each checked before the next model or tool call. Immutable.
 *
 * @param steps tool calls at most; after the last one the planner may still conclude
 * @param tokens tokens read and written by models at most, those served from a cache included
 * @param time wall-clock time at most
 */
public record Budget(int steps, long tokens, Duration time) {

  private static final Budget DEFAULTS = new Budget(12, 200_000, Duration.ofMinutes(5));

  public Budget {
    if (steps < 1) {
      throw new IllegalArgumentException("steps: " + steps + " is less than 1");
    }
    if (tokens < 1) {
      throw new IllegalArgumentException("tokens: " + tokens + " is less than 1");
    }
    if (time.isNegative() || time.isZero()) {
      throw new IllegalArgumentException("time: " + time + " is not positive");
    }
  }

  /** 12 steps (as ToolBench's chains), 200,000 tokens, 5 minutes. */
  public static Budget defaults() {
    return DEFAULTS;
  }

  public Budget withSteps(int steps) {
    return new Budget(steps, tokens, time);
  }

  public Budget withTokens(long tokens) {
    return new Budget(steps, tokens, time);
  }

  public Budget withTime(Duration time) {
    return new Budget(steps, tokens, time);
  }
}
