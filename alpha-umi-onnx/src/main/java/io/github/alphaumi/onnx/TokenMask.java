package io.github.alphaumi.onnx;

import java.util.Arrays;

/** The tokens that may come next: a bit for each of the vocabulary. Immutable, thread-safe. */
final class TokenMask {
  private final long[] words;
  private final int count;

  TokenMask(long[] words) {
    this.words = words;
    int sum = 0;
    for (long word : words) {
      sum += Long.bitCount(word);
    }
    this.count = sum;
  }

  boolean allows(int token) {
    return token >= 0 && token >> 6 < words.length && (words[token >> 6] >>> token & 1) != 0;
  }

  /** How many tokens are allowed. */
  int count() {
    return count;
  }

  /** The only token that is allowed, or -1. */
  int single() {
    if (count == 1) {
      for (int i = 0; i < words.length; i++) {
        if (words[i] != 0) {
          return (i << 6) + Long.numberOfTrailingZeros(words[i]);
        }
      }
    }
    return -1;
  }

  /**
   * Sets the logits of all other tokens to negative infinity; {@code logits[i]} is token i's.
   *
   * <p>A mask allows nearly all tokens or nearly none, so stretches without any are filled at once:
   * this is what a constraint costs each token.
   */
  void apply(float[] logits) {
    int refused = 0; // from here to i, nothing is allowed
    for (int i = 0; i < logits.length; i += 64) {
      long word = i >> 6 < words.length ? words[i >> 6] : 0;
      if (word == 0) {
        continue;
      }
      Arrays.fill(logits, refused, i, Float.NEGATIVE_INFINITY);
      int end = Math.min(i + 64, logits.length);
      for (long rest = ~word; rest != 0; rest &= rest - 1) {
        int token = i + Long.numberOfTrailingZeros(rest);
        if (token < end) {
          logits[token] = Float.NEGATIVE_INFINITY;
        }
      }
      refused = end;
    }
    Arrays.fill(logits, refused, logits.length, Float.NEGATIVE_INFINITY);
  }

  /** The bits, token i at bit i % 64 of word i / 64; not to be changed. */
  long[] words() {
    return words;
  }
}
