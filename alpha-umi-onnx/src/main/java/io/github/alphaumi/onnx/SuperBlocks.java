package io.github.alphaumi.onnx;

import static io.github.alphaumi.onnx.PlainFloats.halfAt;

/**
 * Kernels of ggml's k-quants: super-blocks of 256 elements with a half-precision scale, divided
 * into groups of 16 or 32 elements that have small integer scales of their own.
 *
 * <p>Runs of 32 neighbours are spread over 32 bytes, so run {@code r} of a super-block is a fixed
 * shift within bytes that other runs share. Q2_K, Q3_K and Q6_K work on each half of 128 elements
 * (four runs) separately and have a scale per 16 elements; Q4_K and Q5_K have a scale and a minimum
 * per run.
 */
final class SuperBlocks {

  private static final int ELEMENTS = 256;
  private static final int RUN = 32;
  private static final int RUNS = ELEMENTS / RUN;
  private static final int GROUP = 16;

  private SuperBlocks() {}

  /** 16 bytes of scale (low nibble) and minimum (high nibble), 64 of 2-bit quants, d, dmin. */
  static void q2k(byte[] src, int srcOffset, float[] dst, int dstOffset, int blocks) {
    for (int b = 0; b < blocks; b++) {
      int scales = srcOffset + b * 84;
      int quants = scales + 16;
      float d = halfAt(src, scales + 80);
      float dmin = halfAt(src, scales + 82);
      for (int group = 0; group < ELEMENTS / GROUP; group++) {
        int element = group * GROUP;
        int from = quants + element / 128 * RUN + element % RUN;
        int shift = element / RUN % 4 * 2;
        float scale = d * (src[scales + group] & 15);
        float min = dmin * (src[scales + group] >> 4 & 15);
        int out = dstOffset + b * ELEMENTS + element;
        for (int i = 0; i < GROUP; i++) {
          dst[out + i] = scale * (src[from + i] >> shift & 3) - min;
        }
      }
    }
  }

  /**
   * 32 bytes of third bits (bit r for run r; a clear bit subtracts 4), 64 of 2-bit quants, 12 of
   * 6-bit scales, d.
   */
  static void q3k(byte[] src, int srcOffset, float[] dst, int dstOffset, int blocks) {
    for (int b = 0; b < blocks; b++) {
      int thirdBits = srcOffset + b * 110;
      int quants = thirdBits + 32;
      int scales = thirdBits + 96;
      float d = halfAt(src, thirdBits + 108);
      for (int group = 0; group < ELEMENTS / GROUP; group++) {
        int element = group * GROUP;
        int run = element / RUN;
        int inRun = element % RUN;
        int from = quants + element / 128 * RUN + inRun;
        int shift = run % 4 * 2;
        float scale = d * (sixBitScale(src, scales, group) - 32);
        int out = dstOffset + b * ELEMENTS + element;
        for (int i = 0; i < GROUP; i++) {
          int third = src[thirdBits + inRun + i] >> run & 1;
          dst[out + i] = scale * ((src[from + i] >> shift & 3 | third << 2) - 4);
        }
      }
    }
  }

  /** d, dmin, 12 bytes of 6-bit scales and minima, 128 of 4-bit quants. */
  static void q4k(byte[] src, int srcOffset, float[] dst, int dstOffset, int blocks) {
    for (int b = 0; b < blocks; b++) {
      int block = srcOffset + b * 144;
      float d = halfAt(src, block);
      float dmin = halfAt(src, block + 2);
      for (int run = 0; run < RUNS; run++) {
        float scale = d * runScale(src, block + 4, run);
        float min = dmin * runMinimum(src, block + 4, run);
        int from = block + 16 + run / 2 * RUN;
        int shift = run % 2 * 4;
        int out = dstOffset + b * ELEMENTS + run * RUN;
        for (int i = 0; i < RUN; i++) {
          dst[out + i] = scale * (src[from + i] >> shift & 15) - min;
        }
      }
    }
  }

  /** As Q4_K, with 32 bytes of fifth bits (bit r for run r) before the quants. */
  static void q5k(byte[] src, int srcOffset, float[] dst, int dstOffset, int blocks) {
    for (int b = 0; b < blocks; b++) {
      int block = srcOffset + b * 176;
      float d = halfAt(src, block);
      float dmin = halfAt(src, block + 2);
      for (int run = 0; run < RUNS; run++) {
        float scale = d * runScale(src, block + 4, run);
        float min = dmin * runMinimum(src, block + 4, run);
        int fifthBits = block + 16;
        int from = block + 48 + run / 2 * RUN;
        int shift = run % 2 * 4;
        int out = dstOffset + b * ELEMENTS + run * RUN;
        for (int i = 0; i < RUN; i++) {
          int fifth = src[fifthBits + i] >> run & 1;
          dst[out + i] = scale * (src[from + i] >> shift & 15 | fifth << 4) - min;
        }
      }
    }
  }

  /**
   * 128 bytes of low nibbles (in each half, runs 0 and 2 share bytes, as do 1 and 3), 64 of upper
   * bit pairs, 16 signed scales, d. Quants are offset by 32.
   */
  static void q6k(byte[] src, int srcOffset, float[] dst, int dstOffset, int blocks) {
    for (int b = 0; b < blocks; b++) {
      int block = srcOffset + b * 210;
      float d = halfAt(src, block + 208);
      for (int group = 0; group < ELEMENTS / GROUP; group++) {
        int element = group * GROUP;
        int half = element / 128;
        int run = element / RUN % 4;
        int inRun = element % RUN;
        int low = block + half * 64 + run % 2 * RUN + inRun;
        int lowShift = run / 2 * 4;
        int high = block + 128 + half * RUN + inRun;
        int highShift = run * 2;
        float scale = d * src[block + 192 + group];
        int out = dstOffset + b * ELEMENTS + element;
        for (int i = 0; i < GROUP; i++) {
          int q = src[low + i] >> lowShift & 15 | (src[high + i] >> highShift & 3) << 4;
          dst[out + i] = scale * (q - 32);
        }
      }
    }
  }

  /** Q3_K: low 4 bits in the nibbles of bytes 0 to 7, upper 2 bits in bytes 8 to 11. */
  private static int sixBitScale(byte[] src, int scales, int group) {
    int low = src[scales + group % 8] >> group / 8 * 4 & 15;
    int high = src[scales + 8 + group % 4] >> group / 4 * 2 & 3;
    return low | high << 4;
  }

  /**
   * Q4_K, Q5_K: scales 0 to 3 are the low 6 bits of bytes 0 to 3; of scales 4 to 7 the low 4 bits
   * are in bytes 8 to 11 and the upper 2 on top of bytes 0 to 3.
   */
  private static int runScale(byte[] src, int packed, int run) {
    if (run < 4) {
      return src[packed + run] & 63;
    }
    return src[packed + run + 4] & 15 | (src[packed + run - 4] >> 6 & 3) << 4;
  }

  /** As {@link #runScale}, in bytes 4 to 7 and the high nibbles of bytes 8 to 11. */
  private static int runMinimum(byte[] src, int packed, int run) {
    if (run < 4) {
      return src[packed + run + 4] & 63;
    }
    return src[packed + run + 4] >> 4 & 15 | (src[packed + run] >> 6 & 3) << 4;
  }
}
