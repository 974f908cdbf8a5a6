package io.github.alphaumi.core;

import java.time.Duration;

/**
 * The run that a role or a tool works for. Valid while the call it was handed to lasts; its methods
 * may be called from any thread.
 */
public interface RunContext {

  /** Identifies the run in logs, caches and journals. */
  String runId();

  /** Number of the step at work, from 1. */
  int step();

  /** Wall-clock time left; zero or less when there is none. */
  Duration timeLeft();

  /** Tokens left to models. */
  long tokensLeft();

  /** On when the run was cancelled, its thread interrupted or its time used up. */
  Cancellation cancellation();

  /** Books a model call and tells the listeners. */
  void used(Role role, ModelUse use);

  /** Passes on text of an answer or a plan while it is being written. */
  void wrote(Role role, String text);

  /** Counts a model text that was mended or put right by a default, and says how. */
  void repaired(Role role, String how);

  /** Asks whether a call that needs approval may run. */
  Approver.Answer approve(ToolCall call);
}
