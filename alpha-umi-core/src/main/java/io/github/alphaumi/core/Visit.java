package io.github.alphaumi.core;

import io.github.alphaumi.core.Trajectory.Attempt;

/** What came of one visit of the planner. */
sealed interface Visit {

  /** What siblings are told. */
  Attempt attempt();

  /**
   * A place from which the search can go on.
   *
   * @param results steps on the way there that have a tool's result
   * @param repetitions calls on the way there that had been answered before
   */
  record Place(int node, int depth, TrajectoryNode trajectory, int results, int repetitions) {
    /** Diverted repetitions after which a path is going in circles. */
    private static final int REPETITIONS = 2;

    boolean inCircles() {
      return repetitions > REPETITIONS;
    }
  }

  /**
   * A step was taken.
   *
   * @param sure the mean log-probability of the plan's tokens; NaN where the planner has not told
   */
  record Stepped(Place place, double sure, Attempt attempt) implements Visit {}

  record Answered(Attempt attempt) implements Visit {}

  record GaveUp(Attempt attempt) implements Visit {}

  /** A call was planned beyond the limit of steps and not made. */
  record Cut(Attempt attempt) implements Visit {}
}
