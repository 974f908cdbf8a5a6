package io.github.alphaumi.core;

import dev.langchain4j.agent.tool.ToolSpecification;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * Everything that a run asks of the world, one method each: models, tools, people and the clock.
 * The loop is a function of what comes back from here, so that a journal that keeps this keeps the
 * run.
 */
interface Outside {

  /** The tools on offer. */
  List<ToolSpecification> tools(NodeContext context);

  /** Those of them that models read about after a path. */
  List<ToolSpecification> shown(
      List<ToolSpecification> offered, Trajectory path, NodeContext context);

  Effect effect(String tool);

  /** A call as it may be read by all but the tool and the approver. */
  ToolCall redacted(ToolCall call);

  Decision plan(Trajectory trajectory, List<ToolSpecification> tools, NodeContext context);

  Caller.Turn call(
      Trajectory trajectory,
      Decision.Call plan,
      List<ToolSpecification> tools,
      NodeContext context);

  String summarize(
      Trajectory trajectory,
      Decision.Conclude plan,
      List<ToolSpecification> tools,
      NodeContext context);

  /**
   * Makes a call.
   *
   * @throws EditedCallException if it was approved with other arguments and has to be made with
   *     these
   */
  Observation execute(ToolCall call, NodeContext context);

  /** A call that has to be made, and its place in the run. */
  record Wanted(ToolCall call, NodeContext context) {}

  /** Is told of each call as it ends, on the run's thread. */
  @FunctionalInterface
  interface Ended {

    /**
     * @param index of the call in the list
     * @param observation gives what {@link #execute} gives, or throws what it throws
     */
    void ended(int index, Supplier<Observation> observation);
  }

  /**
   * Makes calls side by side, none of which does harm if it is made twice. Of those that have not
   * begun when the run is cancelled, nothing is told.
   *
   * @throws RunStoppedException if one of them waits for a decision, when all others have ended
   */
  void executeAll(List<Wanted> calls, Ended ended);

  /** Whether the first of two trajectories is the more promising. */
  boolean prefer(Search.Judge judge, Trajectory first, Trajectory second, NodeContext context);

  /** How promising a trajectory is, higher being better. */
  double score(Search.Scorer scorer, Trajectory trajectory, NodeContext context);

  Approver.Answer approve(ToolCall call, NodeContext context);

  /** Time since the run began. */
  Duration elapsed();
}
