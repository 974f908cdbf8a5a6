package io.github.alphaumi.onnx;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Finds the tokens with the largest logits. */
final class Likeliest {
  /** Up to so many tokens are found faster by insertion than by sorting the vocabulary. */
  private static final int SELECTED = 1024;

  private Likeliest() {}

  /** The {@code most} likeliest of all tokens, or all of them, likeliest first. */
  static int[] of(float[] logits, int most) {
    int[] tokens = IntStream.range(0, logits.length).toArray();
    int count = Math.min(most, logits.length);
    lead(tokens, tokens.length, logits, count);
    return Arrays.copyOf(tokens, count);
  }

  /**
   * Leaves the likeliest {@code k} of the first {@code count} tokens at the front, likeliest first,
   * equally likely ones by their numbers. The others are lost.
   */
  static void lead(int[] tokens, int count, float[] logits, int k) {
    if (k > SELECTED || k == count) {
      sort(tokens, count, logits);
      return;
    }
    if (k == 0) {
      return;
    }
    long[] best = new long[k];
    Arrays.fill(best, Long.MAX_VALUE);
    for (int i = 0; i < count; i++) {
      long key = key(logits, tokens[i]);
      if (key < best[k - 1]) {
        int at = -1 - Arrays.binarySearch(best, key);
        System.arraycopy(best, at, best, at + 1, k - 1 - at);
        best[at] = key;
      }
    }
    for (int i = 0; i < k; i++) {
      tokens[i] = (int) best[i];
    }
  }

  private static void sort(int[] tokens, int count, float[] logits) {
    long[] keys = new long[count];
    for (int i = 0; i < count; i++) {
      keys[i] = key(logits, tokens[i]);
    }
    Arrays.sort(keys);
    for (int i = 0; i < count; i++) {
      tokens[i] = (int) keys[i];
    }
  }

  /** Sorts by logit, the largest first, and equal ones by token. */
  private static long key(float[] logits, int token) {
    int bits = Float.floatToIntBits(logits[token] + 0f);
    int ascending = bits ^ bits >> 31 & Integer.MAX_VALUE;
    return (long) ~ascending << 32 | token;
  }
}
