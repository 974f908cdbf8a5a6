package io.github.alphaumi.tools;

import io.github.alphaumi.core.Cancellation;
import io.github.alphaumi.core.RunContext;
import java.time.Duration;

/** What one call tells its tool. */
record CallContext(RunContext run) implements ToolContext {

  @Override
  public String runId() {
    return run.runId();
  }

  @Override
  public String idempotencyKey() {
    return run.idempotencyKey();
  }

  @Override
  public int step() {
    return run.step();
  }

  @Override
  public Duration timeLeft() {
    return run.timeLeft();
  }

  @Override
  public Cancellation cancellation() {
    return run.cancellation();
  }
}
