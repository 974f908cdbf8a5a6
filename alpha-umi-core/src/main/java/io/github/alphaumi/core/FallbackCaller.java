package io.github.alphaumi.core;

import dev.langchain4j.agent.tool.ToolSpecification;
import java.util.List;
import java.util.Optional;

/**
 * One caller, and another for what the first cannot write. What the first got wrong counts whether
 * it was noticed here or by the toolbox a step ago.
 */
final class FallbackCaller implements Caller {
  /** Calls that the first caller may get wrong in a row. */
  private static final int FAILURES = 2;

  private final Caller first;
  private final Caller other;

  FallbackCaller(Caller first, Caller other) {
    this.first = first;
    this.other = other;
  }

  @Override
  public String toString() {
    return Fingerprints.named(first) + ", else " + Fingerprints.named(other);
  }

  @Override
  public Caller.Turn call(
      Trajectory trajectory,
      Decision.Call plan,
      List<ToolSpecification> tools,
      RunContext context) {
    int failures = failuresAtTheEnd(trajectory);
    Decision.Call told = plan;
    while (failures < FAILURES) {
      Optional<String> problem;
      try {
        Caller.Turn turn = first.call(trajectory, told, tools, context);
        problem = CallCheck.problem(turn, tools);
        if (problem.isEmpty()) {
          return turn;
        }
        failures++;
      } catch (RuntimeException e) {
        problem = Optional.of(cannotWork(e, context));
        failures = FAILURES;
      }
      context.repaired(Role.CALLER, "a call that cannot be used: " + problem.get());
      told = new Decision.Call(ModelMessages.planWithProblem(plan.rationale(), problem.get()));
    }
    context.repaired(Role.CALLER, "the other caller is asked");
    return other.call(trajectory, plan, tools, context);
  }

  /** What keeps the first caller from working, unless it is the end of the run. */
  private static String cannotWork(RuntimeException e, RunContext context) {
    boolean own =
        !(e instanceof RunStoppedException stopped)
            || stopped.reason() == StopReason.CONTEXT_FULL
            || stopped.reason() == StopReason.MODEL_FAILED;
    Interrupts.keep(e);
    if (!own || context.cancellation().isCancelled() || Thread.currentThread().isInterrupted()) {
      throw e;
    }
    return String.valueOf(e.getMessage());
  }

  private static int failuresAtTheEnd(Trajectory trajectory) {
    List<Step> steps = trajectory.steps();
    int failures = 0;
    while (failures < Math.min(FAILURES, steps.size())
        && isInvalid(steps.get(steps.size() - 1 - failures))) {
      failures++;
    }
    return failures;
  }

  private static boolean isInvalid(Step step) {
    return step.outcomes().stream()
        .allMatch(outcome -> outcome.observation().status() == Observation.Status.INVALID);
  }
}
