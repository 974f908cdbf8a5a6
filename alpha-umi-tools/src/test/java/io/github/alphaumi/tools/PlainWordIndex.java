package io.github.alphaumi.tools;

import dev.langchain4j.agent.tool.ToolSpecification;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The baseline: BM25 (Robertson and Zaragoza 2009; k1 = 1.5, b = 0.75) over lower-case words,
 * without stems or stop words.
 */
final class PlainWordIndex implements ToolIndex {
  private static final double K1 = 1.5;
  private static final double B = 0.75;

  private final List<Map<String, Integer>> counts;
  private final Map<String, Integer> documents = new HashMap<>();
  private final int[] lengths;
  private final double meanLength;

  PlainWordIndex(List<ToolSpecification> tools) {
    counts = tools.stream().map(tool -> count(ToolIndex.document(tool))).toList();
    counts.forEach(words -> words.keySet().forEach(word -> documents.merge(word, 1, Integer::sum)));
    lengths =
        counts.stream()
            .mapToInt(words -> words.values().stream().mapToInt(Integer::intValue).sum())
            .toArray();
    meanLength = Arrays.stream(lengths).average().orElse(1);
  }

  private static Map<String, Integer> count(String text) {
    Map<String, Integer> words = new HashMap<>();
    for (String word : text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+")) {
      if (!word.isEmpty()) {
        words.merge(word, 1, Integer::sum);
      }
    }
    return words;
  }

  @Override
  public List<Integer> search(String text, int limit) {
    Map<String, Integer> query = count(text);
    double[] scores =
        IntStream.range(0, counts.size()).mapToDouble(tool -> score(query, tool)).toArray();
    return IntStream.range(0, counts.size())
        .boxed()
        .filter(tool -> scores[tool] > 0)
        .sorted(Comparator.comparingDouble(tool -> -scores[tool]))
        .limit(limit)
        .toList();
  }

  private double score(Map<String, Integer> query, int tool) {
    double score = 0;
    for (String word : query.keySet()) {
      int found = documents.getOrDefault(word, 0);
      int here = counts.get(tool).getOrDefault(word, 0);
      double rarity = Math.log(1 + (counts.size() - found + 0.5) / (found + 0.5));
      double length = K1 * (1 - B + B * lengths[tool] / meanLength);
      score += rarity * here * (K1 + 1) / (here + length);
    }
    return score;
  }
}
