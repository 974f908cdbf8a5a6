package io.github.alphaumi.core;

import io.github.alphaumi.core.Trajectory.Attempt;
import io.github.alphaumi.core.Visit.Place;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** Takes the place with the best score of the whole tree and makes its children, until answered. */
final class BestFirstSearch {
  private final Search.BestFirst options;
  private final Expander expander;

  /** The best first; of equals the deeper, which is nearer to an answer, and then the older. */
  private final PriorityQueue<Scored> frontier =
      new PriorityQueue<>(
          Comparator.comparingDouble(Scored::score)
              .thenComparingInt(scored -> scored.place().depth())
              .reversed()
              .thenComparingInt(scored -> scored.place().node()));

  private Ending ending = Ending.gaveUp("");

  private record Scored(Place place, double score) {}

  BestFirstSearch(Search.BestFirst options, Expander expander) {
    this.options = options;
    this.expander = expander;
  }

  Ending explore() {
    frontier.add(new Scored(expander.root(), 0));
    while (!frontier.isEmpty()) {
      makeChildren(frontier.remove());
      if (expander.answers() >= options.answers) {
        return Ending.answered();
      }
    }
    return ending;
  }

  private void makeChildren(Scored scored) {
    Place place = scored.place;
    expander.goBack(place);
    List<Attempt> tried = new ArrayList<>();
    boolean hopeless = false;
    while (tried.size() < options.width && !hopeless && expander.answers() < options.answers) {
      expander.checkSearch(Integer.MAX_VALUE, options.queries);
      Visit visit = expander.visit(place, tried, expander.steps());
      tried.add(visit.attempt());
      hopeless = visit instanceof Visit.GaveUp && place.depth() > 0;
      take(visit, scored.score);
    }
  }

  private void take(Visit visit, double parentScore) {
    if (visit instanceof Visit.Stepped stepped) {
      Place place = stepped.place();
      if (place.inCircles()) {
        ending = ending.or(Ending.repeated(place.repetitions()));
      } else {
        double score = expander.score(scorer(parentScore, stepped.sure()), place);
        expander.rank(place, score);
        frontier.add(new Scored(place, Double.isNaN(score) ? Double.NEGATIVE_INFINITY : score));
      }
    } else if (visit instanceof Visit.Cut) {
      ending = ending.or(Ending.steps(expander.steps()));
    } else if (visit instanceof Visit.GaveUp) {
      ending = ending.or(Ending.gaveUp(visit.attempt().decision().rationale()));
    }
  }

  /** How sure the planner was of the whole path: the sum over its steps. */
  private Search.Scorer scorer(double parentScore, double sure) {
    Search.Scorer given = options.scorer;
    return given != null ? given : (path, context) -> parentScore + (Double.isNaN(sure) ? 0 : sure);
  }
}
