package io.github.alphaumi.onnx;

/**
 * An error while a template runs, before anyone has said on which line: what Python would raise as
 * TypeError, UndefinedError and so on. {@link ChatTemplate} turns it into the public exception.
 */
final class JinjaFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean raisedByTemplate;

  JinjaFault(String message) {
    this(message, false);
  }

  private JinjaFault(String message, boolean raisedByTemplate) {
    super(message);
    this.raisedByTemplate = raisedByTemplate;
  }

  static JinjaFault raised(String message) {
    return new JinjaFault(message, true);
  }

  ChatTemplateException at(int line) {
    String message = String.valueOf(getMessage());
    ChatTemplateException exception =
        raisedByTemplate
            ? ChatTemplateException.raised(line, message)
            : ChatTemplateException.at(line, message);
    exception.initCause(this);
    return exception;
  }
}
