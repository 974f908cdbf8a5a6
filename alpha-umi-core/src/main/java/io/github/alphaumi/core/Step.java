package io.github.alphaumi.core;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One finished step that called a tool, or tried to. Immutable.
 *
 * <p>Whatever went wrong, a step has a plan and an observation, so that every prefix of a
 * trajectory is a well-formed conversation.
 */
public final class Step {
  private final Decision.Call plan;
  private final @Nullable ToolCall call;
  private final Observation observation;

  private Step(Decision.Call plan, @Nullable ToolCall call, Observation observation) {
    this.plan = plan;
    this.call = call;
    this.observation = observation;
  }

  /** A step whose call was readable. */
  public static Step of(Decision.Call plan, ToolCall call, Observation observation) {
    return new Step(plan, call, observation);
  }

  /** A step whose call could not be read; the observation says why. */
  public static Step unreadable(Decision.Call plan, Observation observation) {
    return new Step(plan, null, observation);
  }

  public Decision.Call plan() {
    return plan;
  }

  /** The call, unless the caller's text could not be read as one. */
  public Optional<ToolCall> call() {
    return Optional.ofNullable(call);
  }

  public Observation observation() {
    return observation;
  }

  @Override
  public String toString() {
    return plan.rationale() + " -> " + (call == null ? "?" : call) + " -> " + observation.text();
  }
}
