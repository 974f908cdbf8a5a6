package io.github.alphaumi.onnx;

/**
 * Decodes UTF-8 that arrives in pieces. Each maximal invalid part becomes one U+FFFD, as in the
 * Unicode standard (section 3.9, "Substitution of Maximal Subparts") and in Rust's {@code
 * from_utf8_lossy}, which the tokenizers library uses; the JDK's decoder replaces an encoded
 * surrogate by one character instead of three. Not thread-safe.
 */
final class Utf8Stream {

  private static final char REPLACEMENT = '\uFFFD';

  private int codePoint;
  private int missing;
  private int low;
  private int high;

  /** Appends what is certain; a character that may still be completed is held back. */
  void push(byte[] bytes, StringBuilder out) {
    for (byte b : bytes) {
      push(b & 0xFF, out);
    }
  }

  /** Appends U+FFFD for a character that was never completed. */
  void end(StringBuilder out) {
    if (missing > 0) {
      missing = 0;
      out.append(REPLACEMENT);
    }
  }

  private void push(int b, StringBuilder out) {
    if (missing > 0) {
      if (b >= low && b <= high) {
        proceed(b, out);
        return;
      }
      end(out);
    }
    begin(b, out);
  }

  private void proceed(int b, StringBuilder out) {
    codePoint = codePoint << 6 | b & 0x3F;
    low = 0x80;
    high = 0xBF;
    if (--missing == 0) {
      out.appendCodePoint(codePoint);
    }
  }

  private void begin(int b, StringBuilder out) {
    if (b < 0x80) {
      out.append((char) b);
    } else if (b >= 0xC2 && b <= 0xDF) {
      expect(1, b & 0x1F, 0x80, 0xBF);
    } else if (b >= 0xE0 && b <= 0xEF) {
      // The second byte excludes overlong forms (E0) and surrogates (ED).
      expect(2, b & 0x0F, b == 0xE0 ? 0xA0 : 0x80, b == 0xED ? 0x9F : 0xBF);
    } else if (b >= 0xF0 && b <= 0xF4) {
      // The second byte excludes overlong forms (F0) and what lies beyond U+10FFFF (F4).
      expect(3, b & 0x07, b == 0xF0 ? 0x90 : 0x80, b == 0xF4 ? 0x8F : 0xBF);
    } else {
      out.append(REPLACEMENT);
    }
  }

  private void expect(int bytes, int bits, int lowest, int highest) {
    missing = bytes;
    codePoint = bits;
    low = lowest;
    high = highest;
  }
}
