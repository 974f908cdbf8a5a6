package io.github.alphaumi.core;

import java.time.Duration;

/**
 * The run that a role or a tool works for. Valid while the call it was handed to lasts; its methods
 * may be called from any thread. What is reported after that is ignored.
 */
public interface RunContext {

  /** Identifies the run in logs, caches and journals. */
  String runId();

  /** Number of the step at work, from 1: the depth of its node in the {@link SearchTree}. */
  int step();

  /** Wall-clock time left; zero or less when there is none. */
  Duration timeLeft();

  /** Tokens left to models. */
  long tokensLeft();

  /** On when the run was cancelled, its thread interrupted or its time used up. */
  Cancellation cancellation();

  /**
   * To be called before each model call but a role's first, which the loop has checked: a repair
   * turn, a second opinion.
   *
   * @throws RunStoppedException if the run was cancelled or a limit for models is used up
   */
  default void checkLimits() {
    if (cancellation().isCancelled()) {
      throw new RunStoppedException(StopReason.CANCELLED, "cancelled");
    }
    if (tokensLeft() <= 0) {
      throw new RunStoppedException(StopReason.TOKEN_LIMIT, "the budget of tokens is used up");
    }
  }

  /** Books a model call and tells the listeners. */
  void used(Role role, ModelUse use);

  /** Passes on text of an answer or a plan while it is being written. */
  void wrote(Role role, String text);

  /** Counts a model text that was mended or put right by a default, and says how. */
  void repaired(Role role, String how);

  /** Asks whether a call that needs approval may run. */
  Approver.Answer approve(ToolCall call);

  /**
   * Runs another agent for the call at hand. What it spends counts for this run too, whose limits
   * hold for both; its events reach this run's listeners and its tree this run's node.
   */
  default AgentResult run(Agent agent, String task) {
    return agent.run(task, cancellation());
  }
}
