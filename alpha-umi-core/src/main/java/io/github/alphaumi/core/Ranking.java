package io.github.alphaumi.core;

import io.github.alphaumi.core.Visit.Place;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Sorts siblings by a judge who compares each pair twice, once in each order: who is preferred both
 * times gets a point, and a judge who always prefers the first place gives both half a point.
 */
final class Ranking {
  private final Search.Judge judge;
  private final Expander expander;
  private final int queries;

  Ranking(Search.Judge judge, Expander expander, int queries) {
    this.judge = judge;
    this.expander = expander;
    this.queries = queries;
  }

  /** Equals keep their order, and so do all when there are not enough queries left to compare. */
  void sort(List<Place> places) {
    int questions = places.size() * (places.size() - 1);
    if (places.size() < 2 || expander.queries() + questions > queries) {
      return;
    }
    Map<Integer, Double> points = new HashMap<>();
    places.forEach(place -> points.put(place.node(), 0.0));
    for (int i = 0; i < places.size(); i++) {
      for (int j = i + 1; j < places.size(); j++) {
        Place a = places.get(i);
        Place b = places.get(j);
        boolean first = expander.prefers(judge, a, b);
        boolean again = !expander.prefers(judge, b, a);
        points.merge(a.node(), share(first, again), Double::sum);
        points.merge(b.node(), 1 - share(first, again), Double::sum);
      }
    }
    places.forEach(place -> expander.rank(place, points.getOrDefault(place.node(), 0.0)));
    places.sort(
        Comparator.comparingDouble((Place place) -> points.getOrDefault(place.node(), 0.0))
            .reversed());
  }

  private static double share(boolean first, boolean again) {
    return ((first ? 1 : 0) + (again ? 1 : 0)) / 2.0;
  }
}
