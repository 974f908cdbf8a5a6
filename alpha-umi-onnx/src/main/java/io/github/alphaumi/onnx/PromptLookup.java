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
  private int[] tokens;
  private int length;

  /**
   * @param prompt what the text continues
   * @param most tokens to guess at a time
   */
  PromptLookup(int[] prompt, int most) {
    this.most = most;
    tokens = Arrays.copyOf(prompt, prompt.length + 64);
    length = prompt.length;
  }

  void add(int token) {
    if (length == tokens.length) {
      tokens = Arrays.copyOf(tokens, 2 * length);
    }
    tokens[length++] = token;
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
