package io.github.alphaumi.core.testkit;

import io.github.alphaumi.core.Observation;
import io.github.alphaumi.core.ToolCall;
import io.github.alphaumi.core.Trajectory;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.AbstractAssert;

/** Assertions for trajectories. */
public final class TrajectoryAssert extends AbstractAssert<TrajectoryAssert, Trajectory> {

  TrajectoryAssert(Trajectory actual) {
    super(actual, TrajectoryAssert.class);
  }

  /** It has so many steps. */
  public TrajectoryAssert hasSteps(int number) {
    isNotNull();
    if (actual.steps().size() != number) {
      failWithMessage(
          "%nExpecting %d steps but there are %d:%n  %s", number, actual.steps().size(), actual);
    }
    return this;
  }

  /**
   * Its steps called exactly these tools, in this order; a call that could not be read counts as
   * {@code "?"}.
   */
  public TrajectoryAssert calledInOrder(String... tools) {
    isNotNull();
    List<String> called =
        actual.steps().stream()
            .flatMap(step -> step.outcomes().stream())
            .map(outcome -> outcome.call().map(ToolCall::name).orElse("?"))
            .toList();
    if (!called.equals(Arrays.asList(tools))) {
      failWithMessage("%nExpecting calls of%n  %s%nbut were%n  %s", Arrays.asList(tools), called);
    }
    return this;
  }

  /** Its observations had exactly these statuses, in this order. */
  public TrajectoryAssert observed(Observation.Status... statuses) {
    isNotNull();
    List<Observation.Status> seen =
        actual.steps().stream()
            .flatMap(step -> step.outcomes().stream())
            .map(outcome -> outcome.observation().status())
            .toList();
    if (!seen.equals(Arrays.asList(statuses))) {
      failWithMessage(
          "%nExpecting observations%n  %s%nbut were%n  %s", Arrays.asList(statuses), seen);
    }
    return this;
  }
}
