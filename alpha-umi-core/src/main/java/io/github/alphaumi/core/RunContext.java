package io.github.alphaumi.core;

import java.time.Duration;
import java.util.Map;

/**
 * The run that a role or a tool works for. Valid while the call it was handed to lasts; its methods
 * may be called from any thread. What is reported after that is ignored.
 */
public interface RunContext {

  /** Identifies the run in logs, caches and journals. */
  String runId();

  /** Number of the step at work, from 1: the depth of its node in the {@link SearchTree}. */
  int step();

  /** Which of the step's calls is at work, from 0; 0 if there is only one or none. */
  default int call() {
    return 0;
  }

  /**
   * Identifies the call at work: the same each time that it is made for this run, also by another
   * process that resumes it, and no other call's. A tool that passes it on lets the far side tell a
   * repetition from a second order.
   */
  String idempotencyKey();

  /**
   * On whose behalf the run is, as the application said: {@link Agent#with}. Not for models to
   * read.
   */
  default Map<String, String> attributes() {
    return Map.of();
  }

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

  /**
   * Tells the listeners that a model is about to be asked; {@link #used} or an exception follows on
   * the same thread.
   */
  default void asks(Role role, TextModel.Name model, Prompt prompt) {}

  /** Books a model call and tells the listeners. */
  void used(Role role, ModelUse use);

  /** What a role should have its model say of the tokens it writes: what the search goes by. */
  default TextModel.Detail detail(Role role) {
    return TextModel.Detail.TEXT;
  }

  /** Tells how sure a role's model was of what it wrote: the mean log-probability of its tokens. */
  default void sure(Role role, double logProbability) {}

  /** Passes on text of an answer or a plan while it is being written. */
  void wrote(Role role, String text);

  /**
   * Tells the listeners how far a tool is. Models do not hear of it and journals do not keep it.
   */
  default void progress(String text) {}

  /** Counts a model text that was mended or put right by a default, and says how. */
  void repaired(Role role, String how);

  /**
   * Asks whether a call that needs approval may run. To be asked before anything is done for the
   * call: if the answer takes long, the run is suspended by an exception that has to pass, and the
   * call is made anew when it is known.
   *
   * @return an approval or a denial
   */
  Approver.Answer approve(ToolCall call);

  /**
   * Runs another agent for the call at hand. What it spends counts for this run too, whose limits
   * hold for both; its events reach this run's listeners and its tree this run's node.
   *
   * @throws RunStoppedException if agents ask each other in a circle: more than 8 deep
   */
  default AgentResult run(Agent agent, String task) {
    return agent.run(task, cancellation());
  }
}
