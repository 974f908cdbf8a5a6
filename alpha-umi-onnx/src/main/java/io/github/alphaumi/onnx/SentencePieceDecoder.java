package io.github.alphaumi.onnx;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The decoder of Llama-2's tokenizer.json: replacements in each token (U+2581 by a blank), byte
 * tokens {@code <0xNN>}, and leading blanks taken off the text.
 *
 * <p>A run of byte tokens is text only as a whole: where it is not valid UTF-8, each of its bytes
 * becomes U+FFFD. No part of a run is therefore certain before the token after it is known, and a
 * stream holds it back until then.
 */
final class SentencePieceDecoder implements TextDecoder {

  private static final String BYTE_PREFIX = "<0x";
  private static final int BYTE_LENGTH = 6;

  private final List<Replacement> replacements;
  private final boolean byteFallback;
  private final int strip;

  SentencePieceDecoder(List<Replacement> replacements, boolean byteFallback, int strip) {
    this.replacements = List.copyOf(replacements);
    this.byteFallback = byteFallback;
    this.strip = strip;
  }

  /** A text that stands for another in every token. */
  record Replacement(String from, String to) {}

  @Override
  public byte[] bytes(String token) {
    String text = replace(token);
    int value = byteFallback ? byteValue(text) : -1;
    return value < 0 ? text.getBytes(StandardCharsets.UTF_8) : new byte[] {(byte) value};
  }

  @Override
  public Session begin() {
    return new Text(strip);
  }

  @Override
  public Session proceed() {
    return new Text(0);
  }

  private String replace(String token) {
    String text = token;
    for (Replacement replacement : replacements) {
      text = text.replace(replacement.from, replacement.to);
    }
    return text;
  }

  /** The byte of a token {@code <0xNN>}, -1 for any other. */
  static int byteValue(String token) {
    if (token.length() != BYTE_LENGTH || !token.startsWith(BYTE_PREFIX) || !token.endsWith(">")) {
      return -1;
    }
    int high = hexDigit(token.charAt(3));
    int low = hexDigit(token.charAt(4));
    return high < 0 || low < 0 ? -1 : high << 4 | low;
  }

  private static int hexDigit(char c) {
    return c < 0x80 ? Character.digit(c, 16) : -1;
  }

  private final class Text implements Session {

    private final ByteArrayOutputStream run = new ByteArrayOutputStream();
    private int toStrip;

    Text(int toStrip) {
      this.toStrip = toStrip;
    }

    @Override
    public void push(byte[] utf8, StringBuilder out) {
      run.writeBytes(utf8);
      end(out);
    }

    @Override
    public void push(String token, StringBuilder out) {
      String text = replace(token);
      int value = byteFallback ? byteValue(text) : -1;
      if (value >= 0) {
        run.write(value);
      } else {
        end(out);
        append(text, out);
      }
    }

    @Override
    public void end(StringBuilder out) {
      if (run.size() > 0) {
        append(text(run.toByteArray()), out);
        run.reset();
      }
    }

    private void append(String text, StringBuilder out) {
      int from = 0;
      while (toStrip > 0 && from < text.length()) {
        if (text.charAt(from) == ' ') {
          from++;
          toStrip--;
        } else {
          toStrip = 0;
        }
      }
      out.append(text, from, text.length());
    }

    private static String text(byte[] bytes) {
      try {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      } catch (CharacterCodingException e) {
        return "\uFFFD".repeat(bytes.length);
      }
    }
  }
}
