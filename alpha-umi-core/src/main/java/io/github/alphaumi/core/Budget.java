package io.github.alphaumi.core;

import java.time.Duration;

/**
 * Limits of one run, each checked before the next model or tool call. Agents that a run asks
 * through {@link RunContext#run} draw on what is left of its totals besides keeping to their own.
 * Immutable.
 *
 * @param steps tool calls on any one path from the task at most; after the last one the planner may
 *     still conclude
 * @param modelCalls calls of models at most, all roles together
 * @param toolCalls tools started at most
 * @param tokens tokens read and written by models at most, those served from a cache included
 * @param time wall-clock time at most
 * @param cost cost of all model calls at most, in the unit of the price
 * @param price what a model call costs
 */
public record Budget(
    int steps,
    int modelCalls,
    int toolCalls,
    long tokens,
    Duration time,
    double cost,
    Price price) {

  /** What one model call costs, in any unit. Thread-safe. */
  @FunctionalInterface
  public interface Price {
    double of(Role role, ModelUse use);
  }

  private static final Budget DEFAULTS =
      new Budget(
          12,
          1_000,
          200,
          200_000,
          Duration.ofMinutes(5),
          Double.POSITIVE_INFINITY,
          (role, use) -> 0);

  /**
   * @throws IllegalArgumentException if a limit would end a run before it begins
   */
  public Budget {
    positive(steps, "steps");
    positive(modelCalls, "modelCalls");
    positive(toolCalls, "toolCalls");
    positive(tokens, "tokens");
    if (time.isNegative() || time.isZero()) {
      throw new IllegalArgumentException("time: " + time + " is not positive");
    }
    if (!(cost > 0)) {
      throw new IllegalArgumentException("cost: " + cost + " is not positive");
    }
  }

  private static void positive(long value, String name) {
    if (value < 1) {
      throw new IllegalArgumentException(name + ": " + value + " is less than 1");
    }
  }

  /**
   * 12 steps (as ToolBench's chains), 1,000 model calls, 200 tool calls, 200,000 tokens, 5 minutes,
   * any cost.
   */
  public static Budget defaults() {
    return DEFAULTS;
  }

  public Budget withSteps(int steps) {
    return new Budget(steps, modelCalls, toolCalls, tokens, time, cost, price);
  }

  public Budget withModelCalls(int modelCalls) {
    return new Budget(steps, modelCalls, toolCalls, tokens, time, cost, price);
  }

  public Budget withToolCalls(int toolCalls) {
    return new Budget(steps, modelCalls, toolCalls, tokens, time, cost, price);
  }

  public Budget withTokens(long tokens) {
    return new Budget(steps, modelCalls, toolCalls, tokens, time, cost, price);
  }

  public Budget withTime(Duration time) {
    return new Budget(steps, modelCalls, toolCalls, tokens, time, cost, price);
  }

  /** Costs are added up by the price and end the run when they reach {@code cost}. */
  public Budget withCost(double cost, Price price) {
    return new Budget(steps, modelCalls, toolCalls, tokens, time, cost, price);
  }
}
