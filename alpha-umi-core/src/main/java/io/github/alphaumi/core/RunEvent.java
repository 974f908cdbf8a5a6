package io.github.alphaumi.core;

import dev.langchain4j.agent.tool.ToolSpecification;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Something that happened in a run, in order. Immutable. */
public sealed interface RunEvent {

  /**
   * Where and when something happened.
   *
   * @param runId the run
   * @param node the node of its {@link SearchTree} at work, 0 for the task itself
   * @param step the depth of that node: the number of the step, from 1; 0 for the task itself
   * @param call which of the step's calls it is about, from 0; 0 where it is about none
   * @param at time since the run began
   */
  record Origin(String runId, int node, int step, int call, Duration at) {}

  Origin origin();

  default String runId() {
    return origin().runId();
  }

  default int node() {
    return origin().node();
  }

  default int step() {
    return origin().step();
  }

  default Duration at() {
    return origin().at();
  }

  /**
   * The run began.
   *
   * @param caller where in another run the call was made that this run answers
   * @param agent the agent's name
   * @param budget what the run may use
   */
  record Started(Origin origin, String task, Optional<Origin> caller, String agent, Budget budget)
      implements RunEvent {}

  /** The tools that models read about from here on; told again when they are others. */
  record Offered(Origin origin, List<ToolSpecification> tools) implements RunEvent {}

  /**
   * A run of a journal went on: what was told before happened in an earlier life of it and was told
   * again from the journal.
   */
  record Resumed(Origin origin) implements RunEvent {}

  /**
   * The search began a node: the planner is asked what to do after {@code parent}.
   *
   * @param parent the node that it continues, 0 for the task
   */
  record Expanded(Origin origin, int parent) implements RunEvent {}

  /**
   * A model is about to be asked.
   *
   * @param prompt all that it is given to read; the messages of a chat are parts of it
   */
  record Prompted(Origin origin, Role role, TextModel.Name model, Prompt prompt)
      implements RunEvent {}

  /** A role's text grew by this much. */
  record Text(Origin origin, Role role, String text) implements RunEvent {}

  /** A model was called; the counts and times are known. */
  record ModelCalled(Origin origin, Role role, ModelUse use) implements RunEvent {}

  /** A model's text was mended or put right by a default. */
  record Repaired(Origin origin, Role role, String how) implements RunEvent {}

  /** The planner decided. */
  record Planned(Origin origin, Decision decision) implements RunEvent {}

  /** The caller wrote a call, which is about to be checked and run. */
  record Called(Origin origin, ToolCall call) implements RunEvent {}

  /** A call was held back until someone decided. */
  record Approved(Origin origin, ToolCall call, Approver.Answer answer) implements RunEvent {}

  /** A tool at work told how far it is; not told again when a run is resumed. */
  record Progressed(Origin origin, String text) implements RunEvent {}

  /** What came back from a call; where several run side by side, in the order in which they end. */
  record Observed(Origin origin, Observation observation) implements RunEvent {}

  /** The summarizer answered. */
  record Answered(Origin origin, String answer) implements RunEvent {}

  /** A call was planned that would have been one step too many on its path; it was not made. */
  record Cut(Origin origin) implements RunEvent {}

  /** The search gave a node a score; higher is tried first. */
  record Ranked(Origin origin, double score) implements RunEvent {}

  /**
   * The search left a node without an answer.
   *
   * @param to the node after which it goes on
   */
  record Backtracked(Origin origin, int to) implements RunEvent {}

  /** The run ended. */
  record Stopped(Origin origin, AgentResult result) implements RunEvent {}
}
