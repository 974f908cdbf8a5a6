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
  private final @Nullable ToolCall made;
  private final Observation observation;

  private Step(
      Decision.Call plan,
      @Nullable ToolCall call,
      @Nullable ToolCall made,
      Observation observation) {
    this.plan = plan;
    this.call = call;
    this.made = made;
    this.observation = observation;
  }

  /** A step whose call was readable. */
  public static Step of(Decision.Call plan, ToolCall call, Observation observation) {
    return new Step(plan, call, call, observation);
  }

  /**
   * A step of which not everything may be read.
   *
   * @param made the call itself, with its redacted arguments
   */
  static Step of(Decision.Call plan, ToolCall call, ToolCall made, Observation observation) {
    return new Step(plan, call, made, observation);
  }

  /** A step whose call could not be read; the observation says why. */
  public static Step unreadable(Decision.Call plan, Observation observation) {
    return new Step(plan, null, null, observation);
  }

  public Decision.Call plan() {
    return plan;
  }

  /** The call as it may be read, unless the caller's text could not be read as one. */
  public Optional<ToolCall> call() {
    return Optional.ofNullable(call);
  }

  /** The call itself, by which it is told from others: two may look alike once redacted. */
  Optional<ToolCall> made() {
    return Optional.ofNullable(made);
  }

  public Observation observation() {
    return observation;
  }

  @Override
  public String toString() {
    return plan.rationale() + " -> " + (call == null ? "?" : call) + " -> " + observation.text();
  }
}
