package io.github.alphaumi.core;

import java.util.List;
import java.util.Optional;

/**
 * A task and the steps taken so far: an immutable value. Extending it shares what is there, so that
 * a tree of a thousand nodes costs a thousand nodes.
 */
public interface Trajectory {

  /** What the user asked. */
  String task();

  /** Finished steps, oldest first. */
  List<Step> steps();

  /** The newest step. */
  Optional<Step> last();

  /** This trajectory followed by one more step. */
  Trajectory with(Step step);

  /** A trajectory without steps. */
  static Trajectory start(String task) {
    return new TrajectoryNode(task, null, null, 0);
  }
}
