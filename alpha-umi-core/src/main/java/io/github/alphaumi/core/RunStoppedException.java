package io.github.alphaumi.core;

/**
 * Thrown by a role or a toolbox to end the run with a reason. It does not leave {@link Agent#run}:
 * the run ends with a result that has this reason and this message, and the cause as its failure.
 */
public final class RunStoppedException extends AlphaUmiException {
  private static final long serialVersionUID = 1L;

  private final StopReason reason;

  public RunStoppedException(StopReason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public RunStoppedException(StopReason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public StopReason reason() {
    return reason;
  }
}
