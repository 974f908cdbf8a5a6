package io.github.alphaumi.core;

/**
 * Root of this library's exceptions: misuse, or a machine that does not work. The message names the
 * value, the limit and the remedy. A limit, a give-up, a refused call or a failing tool is never an
 * exception but part of an {@link AgentResult}.
 */
public class AlphaUmiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public AlphaUmiException(String message) {
    super(message);
  }

  public AlphaUmiException(String message, Throwable cause) {
    super(message, cause);
  }
}
