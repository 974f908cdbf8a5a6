package io.github.alphaumi.core;

/** Why a run ended. */
public enum StopReason {
  /** The planner concluded and the summarizer answered. */
  ANSWERED,
  /** The planner gave up. */
  GAVE_UP,
  /** The budget's number of steps was used up. */
  STEP_LIMIT,
  /** The budget's number of tokens was used up. */
  TOKEN_LIMIT,
  /** The budget's time was used up. */
  TIME_LIMIT,
  /** The run was cancelled, or its thread interrupted. */
  CANCELLED,
  /** The same call came back again and again although it had been answered. */
  REPEATED_CALL,
  /** Task, tools and history no longer fit the model's context window. */
  CONTEXT_FULL,
  /** A model could not be reached or threw; {@link AgentResult#failure()} has the cause. */
  MODEL_FAILED;

  /** Whether a limit of the {@link Budget} ended the run. */
  public boolean isBudget() {
    return this == STEP_LIMIT || this == TOKEN_LIMIT || this == TIME_LIMIT;
  }
}
