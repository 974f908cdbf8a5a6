package io.github.alphaumi.core.testkit;

import io.github.alphaumi.core.AgentResult;
import io.github.alphaumi.core.StopReason;
import io.github.alphaumi.core.ToolCall;
import java.util.Map;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/** Assertions for results of runs. */
public final class AgentResultAssert extends AbstractAssert<AgentResultAssert, AgentResult> {

  AgentResultAssert(AgentResult actual) {
    super(actual, AgentResultAssert.class);
  }

  /** The run ended in an answer. */
  public AgentResultAssert answered() {
    return stopped(StopReason.ANSWERED);
  }

  /**
   * The run ended in this answer.
   *
   * <pre>{@code
   * assertThat(result).answered("It is 417.2.");  // passes for ANSWERED: It is 417.2.
   * assertThat(result).answered("It is 417.");    // fails
   * }</pre>
   */
  public AgentResultAssert answered(String answer) {
    answered();
    if (!actual.answer().orElse("").equals(answer)) {
      failWithMessage("%nExpecting answer%n  %s%nbut was%n  %s", answer, actual.answer());
    }
    return this;
  }

  /** The run ended for this reason. */
  public AgentResultAssert stopped(StopReason reason) {
    isNotNull();
    if (actual.stopReason() != reason) {
      failWithMessage(
          "%nExpecting the run to stop for%n  %s%nbut it stopped for%n  %s: %s%nafter%n%s",
          reason, actual.stopReason(), actual.detail(), actual.tree());
    }
    return this;
  }

  /** Some branch of the run, not only the one that led to the answer, made this call. */
  public AgentResultAssert called(String tool, Map<String, ? extends @Nullable Object> arguments) {
    isNotNull();
    ToolCall call = new ToolCall(tool, Map.copyOf(arguments));
    if (actual.tree().nodes().stream()
        .noneMatch(
            node ->
                node.calls().stream()
                    .flatMap(made -> made.call().stream())
                    .anyMatch(call::equals))) {
      failWithMessage("%nExpecting the call%n  %s%nin%n%s", call, actual.tree());
    }
    return this;
  }

  /** No branch of the run called this tool. */
  public AgentResultAssert neverCalled(String tool) {
    isNotNull();
    if (actual.tree().nodes().stream()
        .anyMatch(
            node ->
                node.calls().stream()
                    .flatMap(made -> made.call().stream())
                    .anyMatch(call -> call.name().equals(tool)))) {
      failWithMessage("%nExpecting no call of%n  %s%nin%n%s", tool, actual.tree());
    }
    return this;
  }

  /** Goes on with the path to the answer. */
  public TrajectoryAssert trajectory() {
    isNotNull();
    return new TrajectoryAssert(actual.trajectory());
  }

  /** Goes on with everything that was tried. */
  public SearchTreeAssert tree() {
    isNotNull();
    return new SearchTreeAssert(actual.tree());
  }
}
