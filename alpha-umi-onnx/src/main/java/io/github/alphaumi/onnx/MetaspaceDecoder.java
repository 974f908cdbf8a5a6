package io.github.alphaumi.onnx;

import java.nio.charset.StandardCharsets;

/**
 * The {@code Metaspace} decoder: U+2581 is a blank, except in the first token of a text when the
 * encoder has put one before it.
 */
final class MetaspaceDecoder implements TextDecoder {

  private final String replacement;
  private final boolean prepended;

  MetaspaceDecoder(String replacement, boolean prepended) {
    this.replacement = replacement;
    this.prepended = prepended;
  }

  @Override
  public byte[] bytes(String token) {
    return token.replace(replacement, " ").getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public Session begin() {
    return session(prepended);
  }

  @Override
  public Session proceed() {
    return session(false);
  }

  private Session session(boolean atBegin) {
    return new Session() {
      private boolean first = atBegin;

      @Override
      public void push(String token, StringBuilder out) {
        out.append(token.replace(replacement, first ? "" : " "));
        first = false;
      }

      @Override
      public void push(byte[] utf8, StringBuilder out) {
        out.append(new String(utf8, StandardCharsets.UTF_8));
        first = false;
      }

      @Override
      public void end(StringBuilder out) {
        // Every token is text by itself: nothing is held back.
      }
    };
  }
}
