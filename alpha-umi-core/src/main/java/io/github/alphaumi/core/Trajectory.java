package io.github.alphaumi.core;

import java.util.List;
import java.util.Optional;

/**
 * A task and the steps taken so far: an immutable value. Extending it shares what is there, so that
 * a tree of a thousand nodes costs a thousand nodes.
 */
public interface Trajectory {

  /**
   * What a search tried from some place, and what came back. Immutable.
   *
   * @param decision what was planned
   * @param outcomes calls and what came back; empty if no step was made of it
   */
  record Attempt(Decision decision, List<Step.Outcome> outcomes) {
    public Attempt {
      outcomes = List.copyOf(outcomes);
    }
  }

  /** What the user asked. */
  String task();

  /** What the user asked before, and was answered. */
  default Conversation conversation() {
    return Conversation.empty();
  }

  /** Finished steps, oldest first. */
  List<Step> steps();

  /** The newest step. */
  Optional<Step> last();

  /**
   * What a search tried before from the place that this many steps lead to, without an answer; the
   * role that reads it there should do something else. Empty at places that were not tried before.
   *
   * @param steps from 0, before the first step, to the number of steps
   */
  default List<Attempt> tried(int steps) {
    return List.of();
  }

  /** This trajectory followed by one more step. */
  Trajectory with(Step step);

  /** A trajectory without steps. */
  static Trajectory start(String task) {
    return start(task, Conversation.empty());
  }

  /** A trajectory without steps that follows a conversation. */
  static Trajectory start(String task, Conversation conversation) {
    return TrajectoryNode.start(task, conversation);
  }
}
