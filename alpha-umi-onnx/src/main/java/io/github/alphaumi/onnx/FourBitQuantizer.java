package io.github.alphaumi.onnx;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Writes blocks of weights as 4-bit integers with a scale and a zero point: {@code w = scale * (q -
 * zero)} with q and zero in 0..15.
 *
 * <p>Rounding to the grid that spans the block's range is not the best there is: a narrower grid
 * clips a few weights and is finer for the others. So several ranges are tried, each with the zero
 * points next to where it has its zero, the scale is fitted to the rounded values by least squares,
 * and the grid with the smallest error is kept. The squared error of a weight counts by the
 * weight's square plus the mean square of the block. If all counted alike, the largest weights
 * would be clipped, and a model's likelihood would be worse than by plain rounding, although the
 * weights are closer on average: the judge of changes here is QuantizedLikelihoodTest. Not
 * thread-safe.
 */
final class FourBitQuantizer {
  private static final int LARGEST = 15;
  private static final int RANGES = 4;
  private static final float NARROWEST = 0.85f;
  private static final int REFINEMENTS = 1;
  private static final float NO_FRACTION = 3 << 22;

  private final int block;
  private final float[] source;
  private final float[] importance;
  private final float[] distances;
  private double bestGain;
  private float bestStep;
  private float scale;
  private int zeroPoint;

  FourBitQuantizer(int block) {
    this.block = block;
    source = new float[block];
    importance = new float[block];
    distances = new float[block];
  }

  int block() {
    return block;
  }

  /** Missing values of a last block are zero. */
  void fromFloats(float[] values, int at, int count) {
    float squares = 0;
    float low = 0;
    float high = 0;
    for (int i = 0; i < block; i++) {
      source[i] = i < count ? values[at + i] : 0;
      squares += source[i] * source[i];
      low = Math.min(low, source[i]);
      high = Math.max(high, source[i]);
    }
    for (int i = 0; i < block; i++) {
      importance[i] = i < count ? source[i] * source[i] + squares / count : 0;
    }
    bestGain = 0;
    bestStep = 0;
    scale = 0;
    zeroPoint = 0;
    for (int i = 0; high > low && i < RANGES; i++) {
      float width = 1 - (1 - NARROWEST) * i / (RANGES - 1);
      tryRange(width * low, width * high);
    }
    if (bestStep == 0) {
      Arrays.fill(distances, 0);
    } else {
      round(bestStep, zeroPoint);
    }
  }

  private void tryRange(float low, float high) {
    float step = (high - low) / LARGEST;
    int zero = (int) Math.floor(-low / step);
    tryGrid(step, Math.min(LARGEST, zero));
    if (zero < LARGEST) {
      tryGrid(step, zero + 1);
    }
  }

  /**
   * The fitted scale is {@code a / b} with {@code a} the sum of importance * w * distance and
   * {@code b} that of importance * distance * distance; it takes {@code a * a / b} off the error,
   * so that the errors themselves need not be summed.
   */
  private void tryGrid(float firstStep, int zero) {
    float step = firstStep;
    for (int round = 0; round <= REFINEMENTS && step > 0; round++) {
      round(step, zero);
      float products = 0;
      float squares = 0;
      for (int i = 0; i < block; i++) {
        float weighted = importance[i] * distances[i];
        products += weighted * source[i];
        squares += weighted * distances[i];
      }
      if (squares == 0) {
        return;
      }
      float fitted = products / squares;
      if ((double) fitted * products > bestGain) {
        bestGain = (double) fitted * products;
        bestStep = step;
        scale = fitted;
        zeroPoint = zero;
      }
      step = fitted;
    }
  }

  /**
   * Sets each weight's distance from the zero point, in steps. Rounds by adding a number so large
   * that no fraction is left beside it, which vector units can do.
   */
  private void round(float step, int zero) {
    float inverse = 1 / step;
    for (int i = 0; i < block; i++) {
      float rounded = source[i] * inverse + NO_FRACTION - NO_FRACTION;
      distances[i] = Math.max(-zero, Math.min(LARGEST - zero, rounded));
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
      values.put((byte) (level(i) | level(i + 1) << 4));
    }
    scales.putFloat(scale);
    int shift = index % 2 * 4;
    zeroPoints.put(index / 2, (byte) (zeroPoints.get(index / 2) | zeroPoint << shift));
  }

  private int level(int i) {
    return (int) distances[i] + zeroPoint;
  }
}
