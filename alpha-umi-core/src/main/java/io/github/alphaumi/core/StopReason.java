package io.github.alphaumi.core;

/** Why a run ended. */
public enum StopReason {
  /** The planner concluded and the summarizer answered. */
  ANSWERED,
  /** The planner gave up, on each branch that the search tried. */
  GAVE_UP,
  /** The budget's number of steps was used up, on at least one branch. */
  STEP_LIMIT,
  /** The budget's number of model calls was used up. */
  MODEL_CALL_LIMIT,
  /** The budget's number of tool calls was used up. */
  TOOL_CALL_LIMIT,
  /** The budget's number of tokens was used up. */
  TOKEN_LIMIT,
  /** The budget's time was used up. */
  TIME_LIMIT,
  /** The budget's cost was reached. */
  COST_LIMIT,
  /** The search's number of nodes or queries was used up. */
  SEARCH_LIMIT,
  /** The run was cancelled, or its thread interrupted. */
  CANCELLED,
  /** A call waits for a decision; {@link Agent#resume(String, Approver.Answer)} goes on with it. */
  SUSPENDED,
  /** The same call came back again and again although it had been answered. */
  REPEATED_CALL,
  /** Task, tools and history no longer fit the model's context window. */
  CONTEXT_FULL,
  /** A model could not be reached or threw; {@link AgentResult#failure()} has the cause. */
  MODEL_FAILED,
  /**
   * The toolbox could not say which tools there are; {@link AgentResult#failure()} has the cause.
   */
  TOOLS_FAILED;

  /** Whether a run that has a {@link Journal} and ended so goes on when it is resumed. */
  public boolean isResumable() {
    return switch (this) {
      case SUSPENDED, CANCELLED, MODEL_FAILED, TOOLS_FAILED -> true;
      default -> false;
    };
  }

  /** Whether a limit of the {@link Budget} ended the run. */
  public boolean isBudget() {
    return switch (this) {
      case STEP_LIMIT, MODEL_CALL_LIMIT, TOOL_CALL_LIMIT, TOKEN_LIMIT, TIME_LIMIT, COST_LIMIT ->
          true;
      default -> false;
    };
  }
}
