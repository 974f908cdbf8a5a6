package io.github.alphaumi.onnx;

import io.github.alphaumi.core.Sampling;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the next token from logits. One sampler serves one text: its random numbers depend on the
 * seed alone. Not thread-safe.
 */
final class Sampler {
  private final Sampling sampling;
  private final Random random;

  Sampler(Sampling sampling) {
    this.sampling = sampling;
    random = new Random(mixed(sampling.seed()));
  }

  /** Random's first numbers for neighbouring seeds are nearly the same; these seeds are far off. */
  private static long mixed(long seed) {
    long z = (seed + 0x9E3779B97F4A7C15L) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 31) * 0x94D049BB133111EBL;
    return z ^ z >>> 29;
  }

  /**
   * @param logits one per token; changed by masking
   * @param mask the tokens that may come; null for all
   * @param endTokens the tokens that may come although the mask has them not
   */
  int next(float[] logits, @Nullable TokenMask mask, Set<Integer> endTokens) {
    if (mask != null) {
      float[] ends = new float[endTokens.size()];
      int i = 0;
      for (int end : endTokens) {
        ends[i++] = logits[end];
      }
      mask.apply(logits);
      i = 0;
      for (int end : endTokens) {
        logits[end] = ends[i++];
      }
    }
    return sampling.isGreedy() ? likeliest(logits) : drawn(logits);
  }

  private static int likeliest(float[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      if (logits[i] > logits[best]) {
        best = i;
      }
    }
    return best;
  }

  /** Temperature, then top-k, then top-p, the order of transformers' logits processors. */
  private int drawn(float[] logits) {
    float max = logits[likeliest(logits)];
    int[] kept = new int[logits.length];
    int count = 0;
    double[] weights = new double[logits.length];
    for (int i = 0; i < logits.length; i++) {
      weights[i] = Math.exp((logits[i] - max) / sampling.temperature());
      if (weights[i] > 0) {
        kept[count++] = i;
      }
    }
    if (sampling.topK() > 0 || sampling.topP() < 1) {
      kept = byWeight(kept, count, weights);
      count = sampling.topK() > 0 ? Math.min(sampling.topK(), count) : count;
      count = nucleus(kept, count, weights);
    }
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += weights[kept[i]];
    }
    double target = random.nextDouble() * sum;
    for (int i = 0; i < count; i++) {
      target -= weights[kept[i]];
      if (target < 0) {
        return kept[i];
      }
    }
    return kept[count - 1];
  }

  private static int[] byWeight(int[] kept, int count, double[] weights) {
    return java.util.Arrays.stream(kept, 0, count)
        .boxed()
        .sorted((a, b) -> Double.compare(weights[b], weights[a]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** How many of the likeliest tokens it takes to reach top-p: at least one. */
  private int nucleus(int[] kept, int count, double[] weights) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += weights[kept[i]];
    }
    double reached = 0;
    for (int i = 0; i < count; i++) {
      reached += weights[kept[i]] / sum;
      if (reached >= sampling.topP()) {
        return i + 1;
      }
    }
    return count;
  }
}
