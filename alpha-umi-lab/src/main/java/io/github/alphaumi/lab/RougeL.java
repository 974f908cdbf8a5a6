package io.github.alphaumi.lab;

import com.google.common.base.Splitter;
import java.util.List;
import java.util.Locale;

/**
 * ROUGE-L as Lin (2004) defines it and the package {@code rouge-score} computes it without
 * stemming: the longest common subsequence of lower-case words of a to z and 0 to 9.
 */
final class RougeL {
  private static final Splitter WORDS = Splitter.onPattern("[^a-z0-9]+").omitEmptyStrings();

  private RougeL() {}

  /** The F measure; 0 if either text has no word. */
  static double f(String hypothesis, String reference) {
    List<String> predicted = words(hypothesis);
    List<String> expected = words(reference);
    int common = Subsequence.lengths(expected, predicted)[expected.size()][predicted.size()];
    return common == 0 ? 0 : 2.0 * common / (expected.size() + predicted.size());
  }

  private static List<String> words(String text) {
    return WORDS.splitToList(text.toLowerCase(Locale.ROOT));
  }
}
