package io.github.alphaumi.onnx;

/** A turn of a conversation that is text alone. */
record ChatTurn(String role, String text) {
  static final String SYSTEM = "system";
  static final String USER = "user";
  static final String ASSISTANT = "assistant";
}
