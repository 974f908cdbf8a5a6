package io.github.alphaumi.tools;

import org.jspecify.annotations.Nullable;

/** An argument that fits the schema and that its Java type does not take. */
final class UnreadableArgumentException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String argument;

  UnreadableArgumentException(String argument, Throwable cause) {
    super(argument, cause);
    this.argument = argument;
  }

  String argument() {
    return argument;
  }

  /** What the type said, if the model may know: a constructor's message can hold secrets. */
  @Nullable String reason(boolean exposed) {
    Throwable root = this;
    while (root.getCause() != null && !(root instanceof ToolException)) {
      root = root.getCause();
    }
    return exposed || root instanceof ToolException ? root.getMessage() : null;
  }
}
