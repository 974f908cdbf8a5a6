package io.github.alphaumi.tools;

/**
 * Thrown by a tool to tell the model why it failed: {@code no order has the number 4711; numbers
 * have six digits}. The message goes to the model as it is, so it must not hold secrets; messages
 * of all other exceptions stay in the log unless {@link ToolPolicy#exposeErrors} is on.
 */
public class ToolException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what the model should know, and can do about it
   */
  public ToolException(String message) {
    super(message);
  }

  /**
   * @param message what the model should know, and can do about it
   * @param cause for the log
   */
  public ToolException(String message, Throwable cause) {
    super(message, cause);
  }
}
