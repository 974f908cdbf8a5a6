package io.github.alphaumi.core;

/**
 * Thrown by a role to end its run with a reason. It does not leave {@link Agent#run}: the run ends
 * with a result that has this reason and this message.
 */
public final class RunStoppedException extends AlphaUmiException {
  private static final long serialVersionUID = 1L;

  private final StopReason reason;

  public RunStoppedException(StopReason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public StopReason reason() {
    return reason;
  }
}
