package io.github.alphaumi.core;

import io.github.alphaumi.core.Trajectory.Attempt;
import io.github.alphaumi.core.Visit.Place;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Depth-first search by steps. A node's next child is made when what is below the one before has
 * led to nothing. Giving up says that the place itself is hopeless: its other children are not
 * made, and the search goes on at the place before it. The task is no place to leave, so there the
 * next child is tried.
 *
 * <p>Written as a loop over an explicit path: a thousand steps deep must not need a deep stack.
 */
final class DepthFirstSearch {
  private final Search.DepthFirst options;
  private final Expander expander;
  private final int depth;
  private final List<Frame> path = new ArrayList<>();
  private Ending ending = Ending.gaveUp("");

  DepthFirstSearch(Search.DepthFirst options, Expander expander) {
    this.options = options;
    this.expander = expander;
    depth = options.depth == 0 ? expander.steps() : Math.min(options.depth, expander.steps());
  }

  /** A place on the path at work, and what came of it so far. */
  private static final class Frame {
    final Place place;
    final List<Attempt> tried = new ArrayList<>();

    /** Children that the search has not gone on from, the one to take next first. */
    final List<Place> waiting = new ArrayList<>();

    boolean hopeless;

    Frame(Place place) {
      this.place = place;
    }

    boolean isTask() {
      return place.depth() == 0;
    }
  }

  Ending explore() {
    path.add(new Frame(expander.root()));
    while (!path.isEmpty()) {
      Frame frame = path.get(path.size() - 1);
      makeChildren(frame);
      if (expander.answers() >= options.answers) {
        return Ending.answered();
      }
      if (!frame.waiting.isEmpty()) {
        Place next = frame.waiting.remove(0);
        expander.goBack(next);
        path.add(new Frame(next));
      } else if (frame.hopeless || frame.tried.size() >= options.width) {
        path.remove(path.size() - 1);
      }
    }
    expander.goBack(expander.root());
    return ending;
  }

  /** One child, or all of them where they are ranked. */
  private void makeChildren(Frame frame) {
    if (!frame.waiting.isEmpty()) {
      return;
    }
    int children = options.judge == null ? frame.tried.size() + 1 : options.width;
    while (frame.tried.size() < Math.min(children, options.width)
        && !frame.hopeless
        && expander.answers() < options.answers) {
      if (options.judge == null) {
        expander.goBack(frame.place);
      }
      makeChild(frame);
    }
    if (options.judge != null && expander.answers() < options.answers) {
      new Ranking(options.judge, expander, options.queries).sort(frame.waiting);
    }
  }

  private void makeChild(Frame frame) {
    expander.checkSearch(options.nodes, options.queries);
    Visit visit = expander.visit(frame.place, frame.tried, depth);
    frame.tried.add(visit.attempt());
    Ending end = end(visit);
    if (end != null) {
      ending = ending.or(end);
    }
    if (visit instanceof Visit.Stepped stepped && !stepped.place().inCircles()) {
      frame.waiting.add(stepped.place());
    }
    frame.hopeless = visit instanceof Visit.GaveUp && !frame.isTask() && options.judge == null;
  }

  private @Nullable Ending end(Visit visit) {
    if (visit instanceof Visit.Stepped stepped) {
      Place place = stepped.place();
      return place.inCircles() ? Ending.repeated(place.repetitions()) : null;
    }
    if (visit instanceof Visit.Cut) {
      return Ending.steps(depth);
    }
    return visit instanceof Visit.GaveUp
        ? Ending.gaveUp(visit.attempt().decision().rationale())
        : null;
  }
}
