package io.github.alphaumi.core;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One finished step that called a tool or several, or tried to. Immutable.
 *
 * <p>Whatever went wrong, a step has a plan and for each call an observation, so that every prefix
 * of a trajectory is a well-formed conversation.
 */
public final class Step {
  private final Decision.Call plan;
  private final List<Outcome> outcomes;

  /**
   * A call of a step and what came back.
   *
   * @param call the call, unless the caller's text could not be read as one; then the observation
   *     says why
   */
  public record Outcome(Optional<ToolCall> call, Observation observation) {

    /** {@code call -> observation}, a call that could not be read being a question mark. */
    @Override
    public String toString() {
      return call.map(ToolCall::toString).orElse("?") + " -> " + observation.text();
    }
  }

  private Step(Decision.Call plan, List<Outcome> outcomes) {
    this.plan = plan;
    this.outcomes = outcomes;
  }

  /** A step with one call, which was readable. */
  public static Step of(Decision.Call plan, ToolCall call, Observation observation) {
    return new Step(plan, List.of(new Outcome(Optional.of(call), observation)));
  }

  /** A step whose only call could not be read; the observation says why. */
  public static Step unreadable(Decision.Call plan, Observation observation) {
    return new Step(plan, List.of(new Outcome(Optional.empty(), observation)));
  }

  /**
   * A step with the calls that a caller wrote for it.
   *
   * @param outcomes at least one, in the order in which the calls were written
   */
  public static Step of(Decision.Call plan, List<Outcome> outcomes) {
    if (outcomes.isEmpty()) {
      throw new IllegalArgumentException("outcomes: a step has at least one");
    }
    return new Step(plan, List.copyOf(outcomes));
  }

  public Decision.Call plan() {
    return plan;
  }

  /** Its calls and what came back, in the order in which the calls were written; mostly one. */
  public List<Outcome> outcomes() {
    return outcomes;
  }

  @Override
  public String toString() {
    return outcomes.stream()
        .map(Outcome::toString)
        .collect(Collectors.joining("; ", plan.rationale() + " -> ", ""));
  }
}
