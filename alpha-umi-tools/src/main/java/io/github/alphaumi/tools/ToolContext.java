package io.github.alphaumi.tools;

import io.github.alphaumi.core.Cancellation;
import java.time.Duration;

/**
 * What a tool may know of the call that it serves. A method parameter of this type is filled in and
 * not shown to the model. Valid while the call lasts; may be used from any thread.
 */
public interface ToolContext {

  /** Identifies the run in logs and journals. */
  String runId();

  /**
   * Identifies the call: the same each time that it is made for this run, also by another process
   * that resumes it or when a policy tries again, and no other call's. A tool that passes it on
   * lets the far side tell a repetition from a second order.
   */
  String idempotencyKey();

  /** Number of the step that the call belongs to, from 1. */
  int step();

  /**
   * What is left of the run's time, zero or less when there is nothing; the call has a limit too.
   */
  Duration timeLeft();

  /** On when the run was cancelled or its time is used up: stop, the result is not waited for. */
  Cancellation cancellation();
}
