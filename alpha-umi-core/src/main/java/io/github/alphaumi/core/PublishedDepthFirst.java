package io.github.alphaumi.core;

import io.github.alphaumi.core.Trajectory.Attempt;
import io.github.alphaumi.core.Visit.Place;
import java.util.ArrayList;
import java.util.List;

/**
 * Depth-first search as ToolBench's code does it (class DFS_tree_search), with its return values:
 * how many levels to go back. Three levels of its tree are one step here, and only the third of
 * them is ever expanded, so that its levels and steps go back alike.
 */
final class PublishedDepthFirst {
  private static final int LEVELS_A_STEP = 3;
  private static final int ONE_LEVEL = 1;
  private static final int TWO_LEVELS = 2;
  private static final int ALL_LEVELS = 10_000;

  private final Search.DepthFirst options;
  private final Expander expander;
  private Ending ending = Ending.gaveUp("");

  PublishedDepthFirst(Search.DepthFirst options, Expander expander) {
    this.options = options;
    this.expander = expander;
  }

  Ending explore() {
    expand(expander.root());
    return expander.answers() >= options.answers ? Ending.answered() : ending;
  }

  private int expand(Place place) {
    if (place.depth() * LEVELS_A_STEP >= options.depth) {
      expander.cut(place);
      ending = ending.or(Ending.steps(place.depth()));
      return ONE_LEVEL;
    }
    return options.judge == null ? oneByOne(place) : ranked(place, options.judge);
  }

  private int oneByOne(Place place) {
    List<Attempt> tried = new ArrayList<>();
    for (int i = 0; i < options.width; i++) {
      expander.goBack(place);
      Visit visit = visit(place, tried);
      int levels = levels(visit);
      if (expander.answers() >= options.answers) {
        return ALL_LEVELS;
      }
      if (levels > ONE_LEVEL) {
        return levels - 1;
      }
    }
    return ONE_LEVEL;
  }

  /** The published filter: all children first, then each in the judge's order. */
  private int ranked(Place place, Search.Judge judge) {
    List<Attempt> tried = new ArrayList<>();
    List<Place> places = new ArrayList<>();
    for (int i = 0; i < options.width; i++) {
      Visit visit = visit(place, tried);
      if (visit instanceof Visit.Stepped stepped) {
        places.add(stepped.place());
      } else if (levels(visit) > ONE_LEVEL && expander.answers() >= options.answers) {
        return ALL_LEVELS;
      }
    }
    new Ranking(judge, expander, options.queries).sort(places);
    for (Place next : places) {
      expander.goBack(next);
      int levels = expand(next);
      if (expander.answers() >= options.answers) {
        return ALL_LEVELS;
      }
      if (levels > ONE_LEVEL) {
        return levels - 1;
      }
    }
    return ONE_LEVEL;
  }

  private Visit visit(Place place, List<Attempt> tried) {
    expander.checkSearch(options.nodes, options.queries);
    if (expander.queries() + 1 >= options.queries) {
      expander.askInVain(place, tried, options.queries);
    }
    Visit visit = expander.visitAsPublished(place, tried);
    tried.add(visit.attempt());
    return visit;
  }

  private int levels(Visit visit) {
    if (visit instanceof Visit.Stepped stepped) {
      return expand(stepped.place());
    }
    if (visit instanceof Visit.GaveUp) {
      ending = ending.or(Ending.gaveUp(visit.attempt().decision().rationale()));
    }
    return TWO_LEVELS;
  }
}
