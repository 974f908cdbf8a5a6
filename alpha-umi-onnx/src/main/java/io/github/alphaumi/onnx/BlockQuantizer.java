package io.github.alphaumi.onnx;

import java.nio.ByteBuffer;

/**
 * Writes 32 weights as 8-bit integers with a scale and a zero point: {@code w = scale * (q - zero)}
 * with q and zero in 0..255.
 *
 * <p>A source of 4 bits in such blocks (Q4_1: {@code w = d * n + m}, n in 0..15) keeps its grid:
 * sixteen levels a distance d apart are every k-th of the 256 levels, and the zero point has to
 * meet {@code -m * k / d}, which is no integer. Among k = 1..17 there is nearly always one that
 * meets it closely; taking it makes the copy about ten times truer than rounding anew would, and a
 * second 4-bit grid would lose a hundred times as much. Not thread-safe.
 */
final class BlockQuantizer {
  private static final int BLOCK = WeightLayout.BLOCK;
  private static final int SYMMETRIC_ZERO = 128;

  private final byte[] values = new byte[BLOCK];
  private final float[] floats = new float[BLOCK];
  private float scale;
  private int zeroPoint;

  /** Appends the block. */
  void put(ByteBuffer values, ByteBuffer scales, ByteBuffer zeroPoints) {
    values.put(this.values);
    scales.putFloat(scale);
    zeroPoints.put((byte) zeroPoint);
  }

  /** One block of 34 bytes: a half-precision scale, 32 signed bytes. Exact. */
  void fromQ8_0(ByteBuffer source, int at) {
    scale = Float16.toFloat(source.getShort(at));
    zeroPoint = SYMMETRIC_ZERO;
    for (int i = 0; i < BLOCK; i++) {
      values[i] = (byte) (source.get(at + 2 + i) + SYMMETRIC_ZERO);
    }
  }

  /** One block of 20 bytes: half-precision d and m, 16 bytes of which low nibbles come first. */
  void fromQ4_1(ByteBuffer source, int at) {
    float d = Float16.toFloat(source.getShort(at));
    float m = Float16.toFloat(source.getShort(at + 2));
    int multiple = d > 0 ? bestMultiple(-m / d) : 0;
    if (multiple == 0) {
      for (int i = 0; i < BLOCK / 2; i++) {
        int pair = source.get(at + 4 + i);
        floats[i] = d * (pair & 15) + m;
        floats[i + BLOCK / 2] = d * (pair >> 4 & 15) + m;
      }
      fromFloats(floats, 0, BLOCK);
      return;
    }
    int zero = Math.round(multiple * (-m / d));
    int shift = Math.max(0, -zero);
    scale = d / multiple;
    zeroPoint = zero + shift;
    for (int i = 0; i < BLOCK / 2; i++) {
      int pair = source.get(at + 4 + i);
      values[i] = (byte) (multiple * (pair & 15) + shift);
      values[i + BLOCK / 2] = (byte) (multiple * (pair >> 4 & 15) + shift);
    }
  }

  /** The k for which {@code k * zero} is nearest to an integer, in steps of d; 0 if none fits. */
  private static int bestMultiple(float zero) {
    int best = 0;
    double bestError = Double.MAX_VALUE;
    for (int k = 17; k >= 1; k--) {
      double exact = (double) k * zero;
      long rounded = Math.round(exact);
      long shift = Math.max(0, -rounded);
      if (Math.max(15L * k, rounded) + shift > 255) {
        continue;
      }
      double error = Math.abs(exact - rounded) / k;
      if (error < bestError) {
        bestError = error;
        best = k;
      }
    }
    return best;
  }

  /** Symmetric: the largest magnitude becomes 127. Missing values of a last block are zero. */
  void fromFloats(float[] source, int at, int count) {
    float largest = 0;
    for (int i = 0; i < count; i++) {
      largest = Math.max(largest, Math.abs(source[at + i]));
    }
    scale = largest / 127;
    zeroPoint = SYMMETRIC_ZERO;
    for (int i = 0; i < BLOCK; i++) {
      int rounded = i < count && scale > 0 ? Math.round(source[at + i] / scale) : 0;
      values[i] = (byte) (rounded + SYMMETRIC_ZERO);
    }
  }
}
