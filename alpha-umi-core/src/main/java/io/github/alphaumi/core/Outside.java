package io.github.alphaumi.core;

import dev.langchain4j.agent.tool.ToolSpecification;
import java.time.Duration;
import java.util.List;

/**
 * Everything that a run asks of the world, one method each: models, tools, people and the clock.
 * The loop is a function of what comes back from here, so that a journal that keeps this keeps the
 * run.
 */
interface Outside {

  /** The tools on offer. */
  List<ToolSpecification> tools();

  Effect effect(String tool);

  Decision plan(Trajectory trajectory, List<ToolSpecification> tools, RunContext context);

  Caller.Turn call(
      Trajectory trajectory, Decision.Call plan, List<ToolSpecification> tools, RunContext context);

  Observation execute(ToolCall call, RunContext context);

  String summarize(
      Trajectory trajectory,
      Decision.Conclude plan,
      List<ToolSpecification> tools,
      RunContext context);

  /** Whether the first of two trajectories is the more promising. */
  boolean prefer(Search.Judge judge, Trajectory first, Trajectory second, RunContext context);

  /** How promising a trajectory is, higher being better. */
  double score(Search.Scorer scorer, Trajectory trajectory, RunContext context);

  Approver.Answer approve(ToolCall call);

  /** Time since the run began. */
  Duration elapsed();
}
