package io.github.alphaumi.tools;

import io.github.alphaumi.core.Cancellation;
import io.github.alphaumi.core.RunContext;
import java.time.Duration;
import java.util.Optional;

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
  public Optional<String> attribute(String name) {
    return Optional.ofNullable(run.attributes().get(name));
  }

  @Override
  public void progress(String text) {
    run.progress(text);
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
