package io.github.alphaumi.tools;

import java.time.Duration;

/**
 * How one tool may be used. Immutable.
 *
 * @param approval whether each call is held back until the agent's {@link
 *     io.github.alphaumi.core.Approver} has allowed it
 * @param timeout how long a call may take; the time left to the run is a limit too
 * @param maxResultChars characters of a result that the model is given, counted in the text it
 *     reads; at least {@value #LEAST_RESULT_CHARS}, so that a notice about what is missing fits in
 * @param exposeErrors whether the messages of exceptions go to the model; they may hold secrets
 */
public record ToolPolicy(
    boolean approval, Duration timeout, int maxResultChars, boolean exposeErrors) {
  private static final int LEAST_RESULT_CHARS = 200;
  private static final ToolPolicy DEFAULTS =
      new ToolPolicy(false, Duration.ofSeconds(30), 4_000, false);

  /**
   * @throws IllegalArgumentException if the timeout is not positive or the result size too small
   */
  public ToolPolicy {
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("timeout: " + timeout + " is not positive");
    }
    if (maxResultChars < LEAST_RESULT_CHARS) {
      throw new IllegalArgumentException(
          "maxResultChars: " + maxResultChars + " is less than " + LEAST_RESULT_CHARS);
    }
  }

  /** No approval, 30 seconds, 4,000 characters (about 1,000 tokens), errors not exposed. */
  public static ToolPolicy defaults() {
    return DEFAULTS;
  }

  /** With approval of each call. */
  public ToolPolicy withApproval() {
    return new ToolPolicy(true, timeout, maxResultChars, exposeErrors);
  }

  /** With another limit of time. */
  public ToolPolicy withTimeout(Duration limit) {
    return new ToolPolicy(approval, limit, maxResultChars, exposeErrors);
  }

  /** With another limit of result size. */
  public ToolPolicy withMaxResultChars(int limit) {
    return new ToolPolicy(approval, timeout, limit, exposeErrors);
  }

  /** With messages of exceptions given to the model. */
  public ToolPolicy withExposedErrors() {
    return new ToolPolicy(approval, timeout, maxResultChars, true);
  }
}
