package io.github.alphaumi.lab;

import java.util.List;

/** Longest common subsequences. */
final class Subsequence {
  private Subsequence() {}

  /** At {@code [i][j]} the length for the first i of the rows and the first j of the columns. */
  static int[][] lengths(List<String> rows, List<String> columns) {
    int[][] length = new int[rows.size() + 1][columns.size() + 1];
    for (int i = 1; i <= rows.size(); i++) {
      for (int j = 1; j <= columns.size(); j++) {
        length[i][j] =
            rows.get(i - 1).equals(columns.get(j - 1))
                ? length[i - 1][j - 1] + 1
                : Math.max(length[i - 1][j], length[i][j - 1]);
      }
    }
    return length;
  }
}
