package io.github.alphaumi.core;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A node that knows its parent; the path to the root is the trajectory. */
record TrajectoryNode(String task, @Nullable TrajectoryNode parent, @Nullable Step step, int length)
    implements Trajectory {

  @Override
  public List<Step> steps() {
    Step[] steps = new Step[length];
    TrajectoryNode node = this;
    for (int i = length - 1; i >= 0 && node != null && node.step != null; i--) {
      steps[i] = node.step;
      node = node.parent;
    }
    return List.copyOf(Arrays.asList(steps));
  }

  @Override
  public Optional<Step> last() {
    return Optional.ofNullable(step);
  }

  @Override
  public Trajectory with(Step next) {
    return new TrajectoryNode(task, this, next, length + 1);
  }

  /** The task and the steps: the parent chain would print every step many times. */
  @Override
  public String toString() {
    return task + " " + steps();
  }
}
