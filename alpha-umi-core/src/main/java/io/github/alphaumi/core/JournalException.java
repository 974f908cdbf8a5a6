package io.github.alphaumi.core;

/** Thrown when a run cannot be written down, read or resumed. */
public final class JournalException extends AlphaUmiException {
  private static final long serialVersionUID = 1L;

  /** What is wrong. */
  public enum Reason {
    /** Another process or thread has the run open; the message says who, and until when. */
    IN_USE,
    /** This process took too long and another one has taken the run over. */
    LEASE_LOST,
    /** There is no run of this id. */
    NO_SUCH_RUN,
    /** There is a run of this id already. */
    EXISTS,
    /** The log cannot be read; the message says where it is damaged. */
    DAMAGED,
    /** The log or its tables were written by a newer version of this library. */
    NEWER,
    /** The agent is not the one that began the run: task, tools, roles or search differ. */
    CHANGED,
    /** The loop asked for something else than the log has. */
    DIVERGED,
    /** The run is not waiting for a decision, or is waiting for one. */
    DECISION,
    /** The disk or the database refused. */
    STORAGE
  }

  private final Reason reason;

  public JournalException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public JournalException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
