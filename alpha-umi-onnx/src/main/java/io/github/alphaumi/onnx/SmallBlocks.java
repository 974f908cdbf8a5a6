package io.github.alphaumi.onnx;

import static io.github.alphaumi.onnx.PlainFloats.halfAt;

/**
 * Kernels of the ggml types with blocks of 32 elements and a half-precision scale per block.
 *
 * <p>Common layout: scale {@code d}, for the {@code _1} types a minimum {@code m}, for 5 bits a
 * 32-bit word with the fifth bit of each element, then the quants. Of 4-bit quants, byte {@code i}
 * holds element {@code i} in its low and element {@code i + 16} in its high nibble.
 */
final class SmallBlocks {

  private static final int ELEMENTS = 32;
  private static final int HALF = 16;

  /** What the 16 codes of IQ4_NL stand for, in units of the scale; denser around zero. */
  private static final byte[] IQ4_NL_VALUES = {
    -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113
  };

  private SmallBlocks() {}

  static void q4x0(byte[] src, int srcOffset, float[] dst, int dstOffset, int blocks) {
    for (int b = 0; b < blocks; b++) {
      float d = halfAt(src, srcOffset + b * 18);
      int quants = srcOffset + b * 18 + 2;
      int out = dstOffset + b * ELEMENTS;
      for (int i = 0; i < HALF; i++) {
        int q = src[quants + i];
        dst[out + i] = d * ((q & 15) - 8);
        dst[out + HALF + i] = d * ((q >> 4 & 15) - 8);
      }
    }
  }

  static void q4x1(byte[] src, int srcOffset, float[] dst, int dstOffset, int blocks) {
    for (int b = 0; b < blocks; b++) {
      float d = halfAt(src, srcOffset + b * 20);
      float m = halfAt(src, srcOffset + b * 20 + 2);
      int quants = srcOffset + b * 20 + 4;
      int out = dstOffset + b * ELEMENTS;
      for (int i = 0; i < HALF; i++) {
        int q = src[quants + i];
        dst[out + i] = d * (q & 15) + m;
        dst[out + HALF + i] = d * (q >> 4 & 15) + m;
      }
    }
  }

  static void q5x0(byte[] src, int srcOffset, float[] dst, int dstOffset, int blocks) {
    for (int b = 0; b < blocks; b++) {
      float d = halfAt(src, srcOffset + b * 22);
      int fifthBits = intAt(src, srcOffset + b * 22 + 2);
      int quants = srcOffset + b * 22 + 6;
      int out = dstOffset + b * ELEMENTS;
      for (int i = 0; i < HALF; i++) {
        int q = src[quants + i];
        dst[out + i] = d * ((q & 15 | (fifthBits >>> i & 1) << 4) - 16);
        dst[out + HALF + i] = d * ((q >> 4 & 15 | (fifthBits >>> i + HALF & 1) << 4) - 16);
      }
    }
  }

  static void q5x1(byte[] src, int srcOffset, float[] dst, int dstOffset, int blocks) {
    for (int b = 0; b < blocks; b++) {
      float d = halfAt(src, srcOffset + b * 24);
      float m = halfAt(src, srcOffset + b * 24 + 2);
      int fifthBits = intAt(src, srcOffset + b * 24 + 4);
      int quants = srcOffset + b * 24 + 8;
      int out = dstOffset + b * ELEMENTS;
      for (int i = 0; i < HALF; i++) {
        int q = src[quants + i];
        dst[out + i] = d * (q & 15 | (fifthBits >>> i & 1) << 4) + m;
        dst[out + HALF + i] = d * (q >> 4 & 15 | (fifthBits >>> i + HALF & 1) << 4) + m;
      }
    }
  }

  static void q8x0(byte[] src, int srcOffset, float[] dst, int dstOffset, int blocks) {
    for (int b = 0; b < blocks; b++) {
      float d = halfAt(src, srcOffset + b * 34);
      int quants = srcOffset + b * 34 + 2;
      int out = dstOffset + b * ELEMENTS;
      for (int i = 0; i < ELEMENTS; i++) {
        dst[out + i] = d * src[quants + i];
      }
    }
  }

  static void iq4nl(byte[] src, int srcOffset, float[] dst, int dstOffset, int blocks) {
    for (int b = 0; b < blocks; b++) {
      float d = halfAt(src, srcOffset + b * 18);
      int quants = srcOffset + b * 18 + 2;
      int out = dstOffset + b * ELEMENTS;
      for (int i = 0; i < HALF; i++) {
        int q = src[quants + i];
        dst[out + i] = d * IQ4_NL_VALUES[q & 15];
        dst[out + HALF + i] = d * IQ4_NL_VALUES[q >> 4 & 15];
      }
    }
  }

  private static int intAt(byte[] src, int index) {
    return src[index] & 255
        | (src[index + 1] & 255) << 8
        | (src[index + 2] & 255) << 16
        | src[index + 3] << 24;
  }
}
