package io.github.alphaumi.core;

/** Something that happened in a run, in order. Immutable. */
public sealed interface RunEvent {

  String runId();

  /** Number of the step it belongs to, from 1. */
  int step();

  /** The run began. */
  record Started(String runId, int step, String task) implements RunEvent {}

  /** A role's text grew by this much. */
  record Text(String runId, int step, Role role, String text) implements RunEvent {}

  /** A model was called; the counts and times are known. */
  record ModelCalled(String runId, int step, Role role, ModelUse use) implements RunEvent {}

  /** A model's text was mended or put right by a default. */
  record Repaired(String runId, int step, Role role, String how) implements RunEvent {}

  /** The planner decided. */
  record Planned(String runId, int step, Decision decision) implements RunEvent {}

  /** The caller wrote a call, which is about to be checked and run. */
  record Called(String runId, int step, ToolCall call) implements RunEvent {}

  /** A call was held back until someone decided. */
  record Approved(String runId, int step, ToolCall call, Approver.Answer answer)
      implements RunEvent {}

  /** What came back. */
  record Observed(String runId, int step, Observation observation) implements RunEvent {}

  /** The run ended. */
  record Stopped(String runId, int step, AgentResult result) implements RunEvent {}
}
