package io.github.alphaumi.onnx;

import java.nio.ByteBuffer;

/**
 * Writes blocks of weights as 4-bit integers with a scale and a zero point: {@code w = scale * (q -
 * zero)} with q and zero in 0..15.
 *
 * <p>Rounding to the grid that spans the block's range is not the best there is: a narrower grid
 * clips a few weights and is finer for the others. So several ranges are tried, each with the zero
 * points next to where it has its zero, the scale is fitted to the rounded values by least squares,
 * and the grid with the smallest error is kept. The error of a weight counts the more the larger
 * the weight is ({@code |w|} plus the block's root mean square): with equal counts the largest
 * weights get clipped, and a model's likelihood becomes worse than by plain rounding. This is the
 * weighting of ggml's K-quants where there are no statistics of activations. Not thread-safe.
 */
final class FourBitQuantizer {
  private static final int LARGEST = 15;
  private static final int RANGES = 11;
  private static final float NARROWEST = 0.75f;
  private static final int REFINEMENTS = 2;

  private final int block;
  private final float[] source;
  private final float[] importance;
  private final byte[] tried;
  private final byte[] best;
  private double bestError;
  private float scale;
  private int zeroPoint;

  FourBitQuantizer(int block) {
    this.block = block;
    source = new float[block];
    importance = new float[block];
    tried = new byte[block];
    best = new byte[block];
  }

  int block() {
    return block;
  }

  /** Missing values of a last block are zero. */
  void fromFloats(float[] values, int at, int count) {
    double squares = 0;
    float low = 0;
    float high = 0;
    for (int i = 0; i < block; i++) {
      source[i] = i < count ? values[at + i] : 0;
      squares += source[i] * source[i];
      low = Math.min(low, source[i]);
      high = Math.max(high, source[i]);
    }
    float typical = (float) Math.sqrt(squares / count);
    for (int i = 0; i < block; i++) {
      importance[i] = i < count ? Math.abs(source[i]) + typical : 0;
    }
    bestError = Double.MAX_VALUE;
    for (int i = 0; i < RANGES; i++) {
      float width = 1 - (1 - NARROWEST) * i / (RANGES - 1);
      tryRange(width * low, width * high);
    }
  }

  private void tryRange(float low, float high) {
    float step = (high - low) / LARGEST;
    if (step == 0) {
      keep(0, 0, 0);
      return;
    }
    int zero = (int) Math.floor(-low / step);
    tryGrid(step, Math.min(LARGEST, zero));
    tryGrid(step, Math.min(LARGEST, zero + 1));
  }

  private void tryGrid(float firstStep, int zero) {
    float step = firstStep;
    for (int round = 0; round <= REFINEMENTS && step > 0; round++) {
      double products = 0;
      double squares = 0;
      for (int i = 0; i < block; i++) {
        int level = Math.max(0, Math.min(LARGEST, Math.round(source[i] / step) + zero));
        tried[i] = (byte) level;
        double distance = level - zero;
        products += importance[i] * source[i] * distance;
        squares += importance[i] * distance * distance;
      }
      step = squares == 0 ? 0 : (float) (products / squares);
      keep(step, zero, error(step, zero));
    }
  }

  private double error(float step, int zero) {
    double sum = 0;
    for (int i = 0; i < block; i++) {
      double difference = source[i] - step * (tried[i] - zero);
      sum += importance[i] * difference * difference;
    }
    return sum;
  }

  private void keep(float step, int zero, double error) {
    if (error < bestError) {
      bestError = error;
      scale = step;
      zeroPoint = zero;
      System.arraycopy(tried, 0, best, 0, block);
    }
  }

  /**
   * Appends the block's values, two to a byte with the first in the lower half, and its scale; sets
   * its zero point among those of the row.
   *
   * @param index the block's number in its row
   */
  void put(ByteBuffer values, ByteBuffer scales, ByteBuffer zeroPoints, int index) {
    for (int i = 0; i < block; i += 2) {
      values.put((byte) (best[i] | best[i + 1] << 4));
    }
    scales.putFloat(scale);
    int shift = index % 2 * 4;
    zeroPoints.put(index / 2, (byte) (zeroPoints.get(index / 2) | zeroPoint << shift));
  }
}
