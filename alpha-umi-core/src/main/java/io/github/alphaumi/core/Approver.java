package io.github.alphaumi.core;

/**
 * Decides on calls that a policy holds back: a person, a rule. Called on the run's thread with the
 * arguments that will be used, after they were checked.
 */
@FunctionalInterface
public interface Approver {

  /** What was decided; a denial's reason is told to the planner. */
  record Answer(boolean approved, String reason) {

    public static Answer yes() {
      return new Answer(true, "");
    }

    public static Answer no(String reason) {
      return new Answer(false, reason);
    }
  }

  Answer decide(ToolCall call);

  /** Denies everything: what an agent does when nobody can be asked. */
  static Approver nobody() {
    return call -> Answer.no("this call needs approval and nobody can be asked");
  }
}
