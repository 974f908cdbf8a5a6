package io.github.alphaumi.onnx;

import io.github.alphaumi.core.Sampling;
import java.util.BitSet;
import java.util.List;
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
  private final BitSet seen = new BitSet();

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

  /** Takes note of tokens of the prompt or of the text: a repetition penalty counts both. */
  void read(int... ids) {
    if (sampling.repetitionPenalty() != 1) {
      for (int id : ids) {
        seen.set(id);
      }
    }
  }

  /**
   * @param logits one per token; changed by penalty and mask
   * @param mask the tokens that may come; null for all
   * @param endTokens the tokens that may come although the mask has them not
   * @param biases what raises some of the rest
   */
  int next(
      float[] logits, @Nullable TokenMask mask, Set<Integer> endTokens, List<LogitBias> biases) {
    penalize(logits);
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
    biases.forEach(bias -> bias.apply(logits));
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

  /** As transformers' RepetitionPenaltyLogitsProcessor: once per token, however often it came. */
  private void penalize(float[] logits) {
    float penalty = (float) sampling.repetitionPenalty();
    for (int id = seen.nextSetBit(0); id >= 0 && id < logits.length; id = seen.nextSetBit(id + 1)) {
      logits[id] = logits[id] < 0 ? logits[id] * penalty : logits[id] / penalty;
    }
  }

  /** Temperature, then top-k, top-p and min-p, the order of transformers' logits processors. */
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
    int valid = count;
    if (sampling.topK() > 0 && sampling.topK() < valid) {
      count = sampling.topK();
      Likeliest.lead(kept, valid, logits, count);
    }
    if (sampling.topP() < 1) {
      count = nucleus(kept, count, logits, weights);
    }
    count = notFarBelow(kept, count, weights);
    double sum = sum(kept, count, weights);
    double target = random.nextDouble() * sum;
    for (int i = 0; i < count; i++) {
      target -= weights[kept[i]];
      if (target < 0) {
        return kept[i];
      }
    }
    return kept[count - 1];
  }

  private static double sum(int[] kept, int count, double[] weights) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += weights[kept[i]];
    }
    return sum;
  }

  /**
   * The likeliest tokens that it takes to reach top-p: at least one. Tokens that even all together
   * could not be missed are not sorted: that leaves a few hundred of a vocabulary.
   */
  private int nucleus(int[] kept, int count, float[] logits, double[] weights) {
    double sum = sum(kept, count, weights);
    double least = sum * (1 - sampling.topP()) / count / 2;
    int likely = 0;
    for (int i = 0; i < count; i++) {
      if (weights[kept[i]] >= least) {
        kept[likely++] = kept[i];
      }
    }
    Likeliest.lead(kept, likely, logits, likely);
    double reached = 0;
    for (int i = 0; i < likely; i++) {
      reached += weights[kept[i]] / sum;
      if (reached >= sampling.topP()) {
        return i + 1;
      }
    }
    return likely;
  }

  /** Min-p. The likeliest token, whose weight is 1, is always among those that are left. */
  private int notFarBelow(int[] kept, int count, double[] weights) {
    int near = 0;
    for (int i = 0; i < count; i++) {
      if (weights[kept[i]] >= sampling.minP()) {
        kept[near++] = kept[i];
      }
    }
    return near;
  }
}
