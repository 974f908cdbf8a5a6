package io.github.alphaumi.tools;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Joins what several indexes find by reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR
 * 2009): a tool that two of them find comes before one that only one does, and no scale of scores
 * has to be fitted to another.
 */
record FusedIndex(List<ToolIndex> indexes) implements ToolIndex {
  private static final double DAMPING = 60;
  private static final int DEEPER = 10;

  @Override
  public List<Integer> search(String text, int limit) {
    Map<Integer, Double> scores = new HashMap<>();
    for (ToolIndex index : indexes) {
      List<Integer> found = index.search(text, DEEPER * limit);
      for (int rank = 0; rank < found.size(); rank++) {
        scores.merge(found.get(rank), 1 / (DAMPING + rank + 1), Double::sum);
      }
    }
    return scores.entrySet().stream()
        .sorted(
            Map.Entry.<Integer, Double>comparingByValue()
                .reversed()
                .thenComparing(Map.Entry.comparingByKey()))
        .limit(limit)
        .map(Map.Entry::getKey)
        .toList();
  }
}
