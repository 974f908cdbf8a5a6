package io.github.alphaumi.lab;

import com.google.common.base.Splitter;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * ROUGE-L as the package {@code rouge} 1.0.1 computes it, which the published figures are made
 * with. It compares sets of words, united over sentences, so that order within an answer hardly
 * matters; a sentence ends at every full stop, also in a decimal.
 */
final class PublishedRouge {
  private static final double EPSILON = 1e-8;
  private static final Splitter SENTENCES = Splitter.on('.').omitEmptyStrings();
  private static final Splitter WORDS = Splitter.on(' ');

  private PublishedRouge() {}

  /** The F measure; empty where the package raises an exception: a text of nothing but stops. */
  static OptionalDouble f(String hypothesis, String reference) {
    List<List<String>> hypotheses = sentences(hypothesis);
    List<List<String>> references = sentences(reference);
    if (hypotheses.isEmpty() || references.isEmpty()) {
      return OptionalDouble.empty();
    }
    Set<String> union = new HashSet<>();
    for (List<String> row : references) {
      for (List<String> column : hypotheses) {
        addCommon(row, column, union);
      }
    }
    double recall = (double) union.size() / distinct(references);
    double precision = (double) union.size() / distinct(hypotheses);
    return OptionalDouble.of(2 * (precision * recall / (precision + recall + EPSILON)));
  }

  private static List<List<String>> sentences(String text) {
    return SENTENCES
        .splitToStream(text)
        .map(sentence -> PythonText.SPACE.trimAndCollapseFrom(sentence, ' '))
        .map(WORDS::splitToList)
        .toList();
  }

  private static long distinct(List<List<String>> sentences) {
    return sentences.stream().flatMap(List::stream).distinct().count();
  }

  /** Adds the words of one longest common subsequence; which one, the order of steps decides. */
  private static void addCommon(List<String> rows, List<String> columns, Set<String> words) {
    int[][] length = Subsequence.lengths(rows, columns);
    int i = rows.size();
    int j = columns.size();
    while (i > 0 && j > 0) {
      if (rows.get(i - 1).equals(columns.get(j - 1))) {
        words.add(rows.get(i - 1));
        i--;
        j--;
      } else if (length[i - 1][j] > length[i][j - 1]) {
        i--;
      } else {
        j--;
      }
    }
  }
}
