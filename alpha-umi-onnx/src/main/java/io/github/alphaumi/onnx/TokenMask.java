package io.github.alphaumi.onnx;

import java.nio.FloatBuffer;

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

  /** Sets the logits of all other tokens to negative infinity; {@code logits[i]} is token i's. */
  void apply(float[] logits) {
    for (int i = 0; i < logits.length; i += 64) {
      long word = i >> 6 < words.length ? words[i >> 6] : 0;
      for (int j = i; word != -1 && j < Math.min(i + 64, logits.length); j++) {
        if ((word >>> j & 1) == 0) {
          logits[j] = Float.NEGATIVE_INFINITY;
        }
      }
    }
  }

  /** The same for the {@code size} logits that begin at {@code from}. */
  void apply(FloatBuffer logits, int from, int size) {
    for (int i = 0; i < size; i++) {
      if (!allows(i)) {
        logits.put(from + i, Float.NEGATIVE_INFINITY);
      }
    }
  }

  /** The bits, token i at bit i % 64 of word i / 64; not to be changed. */
  long[] words() {
    return words;
  }
}
