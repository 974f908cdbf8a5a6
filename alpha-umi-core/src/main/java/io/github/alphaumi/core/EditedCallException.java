package io.github.alphaumi.core;

/** Leaves a toolbox whose call was approved with other arguments, to enter it again with these. */
final class EditedCallException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Approver.Answer answer;

  EditedCallException(Approver.Answer answer) {
    super("approved with other arguments", null, false, false);
    this.answer = answer;
  }

  ToolCall instead(ToolCall call) {
    return new ToolCall(call.name(), answer.arguments());
  }
}
