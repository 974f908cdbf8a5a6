package io.github.alphaumi.onnx;

import java.nio.charset.StandardCharsets;

/**
 * The {@code ByteLevel} decoder: the bytes of all tokens in a row are one UTF-8 text. A token with
 * a character outside {@link ByteAlphabet} (an added token, written as it is) stands for itself.
 */
final class ByteLevelDecoder implements TextDecoder {

  @Override
  public byte[] bytes(String token) {
    byte[] bytes = ByteAlphabet.bytes(token);
    return bytes == null ? token.getBytes(StandardCharsets.UTF_8) : bytes;
  }

  @Override
  public Session proceed() {
    return begin();
  }

  @Override
  public Session begin() {
    Utf8Stream utf8 = new Utf8Stream();
    return new Session() {
      @Override
      public void push(String token, StringBuilder out) {
        utf8.push(bytes(token), out);
      }

      @Override
      public void push(byte[] bytes, StringBuilder out) {
        utf8.push(bytes, out);
      }

      @Override
      public void end(StringBuilder out) {
        utf8.end(out);
      }
    };
  }
}
