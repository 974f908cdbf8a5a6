package io.github.alphaumi.lab;

import io.github.alphaumi.core.Approver;
import io.github.alphaumi.core.Cancellation;
import io.github.alphaumi.core.ModelUse;
import io.github.alphaumi.core.Role;
import io.github.alphaumi.core.RunContext;
import io.github.alphaumi.core.ToolCall;
import java.time.Duration;

/** The run that a role believes to work for while it is only asked what it would do. */
final class OfflineRun implements RunContext {
  private final String runId;
  private final int step;

  /**
   * @param runId the same for steps of one conversation, whose prompts begin alike
   */
  OfflineRun(String runId, int step) {
    this.runId = runId;
    this.step = step;
  }

  @Override
  public String runId() {
    return runId;
  }

  @Override
  public String idempotencyKey() {
    return runId + "-" + step;
  }

  @Override
  public int step() {
    return step;
  }

  @Override
  public Duration timeLeft() {
    return Duration.ofDays(1);
  }

  @Override
  public long tokensLeft() {
    return Long.MAX_VALUE;
  }

  @Override
  public Cancellation cancellation() {
    return Cancellation.create();
  }

  @Override
  public void used(Role role, ModelUse use) {}

  @Override
  public void wrote(Role role, String text) {}

  @Override
  public void repaired(Role role, String how) {}

  @Override
  public Approver.Answer approve(ToolCall call) {
    throw new IllegalStateException("nothing is called here");
  }
}
