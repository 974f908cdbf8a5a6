package io.github.alphaumi.core;

/**
 * What came back from a call: a tool's result, or the reason why there is none. Immutable.
 *
 * @param status how the call went
 * @param text what the model reads, usually JSON; an error is an object with the member {@code
 *     error}
 */
public record Observation(Status status, String text) {

  /** How a call went. */
  public enum Status {
    /** The tool ran and returned. */
    OK,
    /** The tool ran and failed. */
    FAILED,
    /** The tool was started and did not return in time; whether it had its effect is unknown. */
    TIMED_OUT,
    /**
     * The process ended while the tool may have been at work, and a resumed run found no result;
     * whether it had its effect is unknown.
     */
    UNKNOWN,
    /** The call was malformed, named no tool or did not fit the tool's schema; nothing ran. */
    INVALID,
    /** A policy or a person refused the call; nothing ran. */
    REFUSED,
    /** The same call had been answered before; nothing ran and the earlier result is given. */
    REPEATED,
    /** The same call was made on another branch; nothing ran and what came back then is given. */
    REUSED;

    /** Whether the tool's code was started, or may have been. */
    public boolean ran() {
      return this == OK || this == FAILED || this == TIMED_OUT || this == UNKNOWN;
    }
  }

  public static Observation ok(String text) {
    return new Observation(Status.OK, text);
  }

  /** An error as models read it: {@code {"error": message}}. */
  public static Observation error(Status status, String message) {
    return new Observation(status, PythonJson.write(java.util.Map.of("error", message)));
  }

  /** Whether the model should be told that the call did not work. */
  public boolean isError() {
    return status != Status.OK && status != Status.REPEATED && status != Status.REUSED;
  }
}
