package io.github.alphaumi.core;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a run ended and what came out of it. Immutable. */
public final class AgentResult {
  private final String runId;
  private final StopReason stopReason;
  private final String detail;
  private final @Nullable String answer;
  private final Trajectory trajectory;
  private final Usage usage;
  private final @Nullable Throwable failure;

  AgentResult(
      String runId,
      StopReason stopReason,
      String detail,
      @Nullable String answer,
      Trajectory trajectory,
      Usage usage,
      @Nullable Throwable failure) {
    this.runId = runId;
    this.stopReason = stopReason;
    this.detail = detail;
    this.answer = answer;
    this.trajectory = trajectory;
    this.usage = usage;
    this.failure = failure;
  }

  public String runId() {
    return runId;
  }

  public StopReason stopReason() {
    return stopReason;
  }

  /** One sentence on the stop reason: the limit that was met, what is wrong, what to do. */
  public String detail() {
    return detail;
  }

  /**
   * The answer when the reason is {@link StopReason#ANSWERED}; otherwise the best partial answer,
   * if anything was found out at all.
   */
  public Optional<String> answer() {
    return Optional.ofNullable(answer);
  }

  public Trajectory trajectory() {
    return trajectory;
  }

  public Usage usage() {
    return usage;
  }

  /**
   * What was thrown, when the reason is {@link StopReason#MODEL_FAILED}, or when a role threw while
   * the run was being ended.
   */
  public Optional<Throwable> failure() {
    return Optional.ofNullable(failure);
  }

  @Override
  public String toString() {
    return stopReason + ": " + answer().orElse(detail);
  }
}
