package io.github.alphaumi.core;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A node that knows its parent; the path to the root is the trajectory.
 *
 * @param triedHere what was tried before from this node
 */
record TrajectoryNode(
    Beginning beginning,
    @Nullable TrajectoryNode parent,
    @Nullable Step step,
    int length,
    List<Attempt> triedHere)
    implements Trajectory {

  /** What all trajectories of a run share. */
  record Beginning(String task, Conversation conversation) {}

  static TrajectoryNode start(String task, Conversation conversation) {
    return new TrajectoryNode(new Beginning(task, conversation), null, null, 0, List.of());
  }

  @Override
  public String task() {
    return beginning.task;
  }

  @Override
  public Conversation conversation() {
    return beginning.conversation;
  }

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
  public List<Attempt> tried(int steps) {
    TrajectoryNode node = this;
    for (int i = length; i > steps && node != null; i--) {
      node = node.parent;
    }
    return node == null || node.length != steps ? List.of() : node.triedHere;
  }

  /** The same place, with word of what was tried from it before. */
  TrajectoryNode afterTrying(List<Attempt> tried) {
    return tried.equals(triedHere)
        ? this
        : new TrajectoryNode(beginning, parent, step, length, List.copyOf(tried));
  }

  @Override
  public TrajectoryNode with(Step next) {
    return new TrajectoryNode(beginning, this, next, length + 1, List.of());
  }

  /** The task and the steps: the parent chain would print every step many times. */
  @Override
  public String toString() {
    return task() + " " + steps();
  }
}
