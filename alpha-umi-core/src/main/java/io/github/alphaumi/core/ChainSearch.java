package io.github.alphaumi.core;

import io.github.alphaumi.core.Trajectory.Attempt;
import io.github.alphaumi.core.Visit.Place;
import java.util.ArrayList;
import java.util.List;

/** One path, or several one after the other: ReAct, as α-UMi splits it over three roles. */
final class ChainSearch extends Search {
  private final int tries;

  ChainSearch(int tries) {
    this.tries = tries;
  }

  int tries() {
    return tries;
  }

  @Override
  public String toString() {
    return tries == 1 ? "chain" : "chain of " + tries + " tries";
  }

  @Override
  Ending explore(Expander expander) {
    List<Attempt> tried = new ArrayList<>();
    Ending ending = path(expander, tried);
    for (int i = 1; i < tries && ending.reason() != StopReason.ANSWERED; i++) {
      expander.goBack(expander.root());
      ending = path(expander, tried);
    }
    return ending;
  }

  private static Ending path(Expander expander, List<Attempt> tried) {
    Visit visit = expander.visit(expander.root(), tried, expander.steps());
    tried.add(visit.attempt());
    while (visit instanceof Visit.Stepped stepped) {
      Place place = stepped.place();
      if (place.inCircles()) {
        return Ending.repeated(place.repetitions());
      }
      visit = expander.visit(place, List.of(), expander.steps());
    }
    if (visit instanceof Visit.Answered) {
      return Ending.answered();
    }
    return visit instanceof Visit.Cut
        ? Ending.steps(expander.steps())
        : Ending.gaveUp(visit.attempt().decision().rationale());
  }
}
