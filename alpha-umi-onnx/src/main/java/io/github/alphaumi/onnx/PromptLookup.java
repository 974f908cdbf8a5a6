package io.github.alphaumi.onnx;

import java.util.Arrays;

/**
 * Guesses the next tokens of a text from what stands before: what followed the last time that the
 * last few tokens were the same (prompt lookup decoding). Agents repeat names, arguments and
 * observations word for word. Not thread-safe.
 */
final class PromptLookup {
  private static final int LONGEST_MATCH = 3;
  private static final int SHORTEST_MATCH = 2;

  private final int most;
  private int[] tokens = new int[256];
  private int length;

  /**
   * @param most tokens to guess at a time
   */
  PromptLookup(int most) {
    this.most = most;
  }

  /** Adds tokens at the end of the text. */
  void add(int... more) {
    if (length + more.length > tokens.length) {
      tokens = Arrays.copyOf(tokens, Math.max(2 * length, length + more.length));
    }
    System.arraycopy(more, 0, tokens, length, more.length);
    length += more.length;
  }

  /**
   * Writes a guess into an array.
   *
   * @param limit tokens that are of use
   * @return how many were guessed
   */
  int guess(int[] out, int from, int limit) {
    int wanted = Math.min(most, limit);
    for (int match = LONGEST_MATCH; match >= SHORTEST_MATCH; match--) {
      for (int end = length - 1; wanted > 0 && end >= match; end--) {
        if (Arrays.equals(tokens, end - match, end, tokens, length - match, length)) {
          int count = Math.min(wanted, length - end);
          System.arraycopy(tokens, end, out, from, count);
          return count;
        }
      }
    }
    return 0;
  }
}
