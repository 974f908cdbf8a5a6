package io.github.alphaumi.onnx;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The printable character that stands for each byte in the vocabulary of a byte-level BPE:
 * printable Latin-1 stands for itself, every other byte for a character from U+0100 on, in order.
 * Defined by the encoder of GPT-2.
 */
final class ByteAlphabet {

  private static final int FIRST_SUBSTITUTE = 0x100;
  private static final short[] BYTE_OF = byteOf();

  private ByteAlphabet() {}

  /** The bytes that a token stands for; null where a character is not of the alphabet. */
  static byte @Nullable [] bytes(String token) {
    byte[] bytes = new byte[token.length()];
    for (int i = 0; i < bytes.length; i++) {
      char c = token.charAt(i);
      if (c >= BYTE_OF.length || BYTE_OF[c] < 0) {
        return null;
      }
      bytes[i] = (byte) BYTE_OF[c];
    }
    return bytes;
  }

  private static short[] byteOf() {
    short[] table = new short[FIRST_SUBSTITUTE + 68];
    Arrays.fill(table, (short) -1);
    int substitute = FIRST_SUBSTITUTE;
    for (int b = 0; b < 256; b++) {
      table[isPrintable(b) ? b : substitute++] = (short) b;
    }
    return table;
  }

  private static boolean isPrintable(int b) {
    return b >= '!' && b <= '~' || b >= 0xA1 && b <= 0xFF && b != 0xAD;
  }
}
