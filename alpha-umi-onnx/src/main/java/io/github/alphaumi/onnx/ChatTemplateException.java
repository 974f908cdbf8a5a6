package io.github.alphaumi.onnx;

/**
 * A chat template could not be read, or could not be rendered for a conversation.
 *
 * <p>Two kinds matter to a caller. If {@link #raisedByTemplate()} is true the template itself
 * refused the conversation (for example because roles do not alternate): the message is exactly the
 * template's and the remedy is another conversation. Otherwise the template is malformed, uses
 * something it was not given, or ran over a limit; the message names the line.
 */
public final class ChatTemplateException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int line;
  private final boolean raisedByTemplate;

  private ChatTemplateException(String message, int line, boolean raisedByTemplate) {
    super(message);
    this.line = line;
    this.raisedByTemplate = raisedByTemplate;
  }

  static ChatTemplateException at(int line, String problem) {
    return new ChatTemplateException("chat template, line " + line + ": " + problem, line, false);
  }

  static ChatTemplateException raised(int line, String message) {
    return new ChatTemplateException(message, line, true);
  }

  /** The line of the template, counted from 1, where the problem was met. */
  public int line() {
    return line;
  }

  /** Whether the template called {@code raise_exception}. */
  public boolean raisedByTemplate() {
    return raisedByTemplate;
  }
}
