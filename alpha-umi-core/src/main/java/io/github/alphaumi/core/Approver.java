package io.github.alphaumi.core;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides on calls that a policy holds back: a person, a rule. Called on the thread of the call
 * with the arguments that will be used, after they were checked, redacted ones too; by one run for
 * one call at a time, also where several run side by side.
 *
 * @see Agent#resume(String, Answer)
 */
@FunctionalInterface
public interface Approver {

  /** What can be decided. */
  enum Verdict {
    /** The call may run as it is. */
    APPROVED,
    /** The call may not run; the planner is told why. */
    DENIED,
    /** The call may run with other arguments, which are checked again. */
    EDITED,
    /** Nobody has decided yet: the run is suspended. */
    PENDING
  }

  /**
   * What was decided. Immutable.
   *
   * @param reason why a call was denied; the planner is told
   * @param arguments all arguments of an edited call
   */
  record Answer(Verdict verdict, String reason, Map<String, @Nullable Object> arguments) {

    public Answer {
      arguments = JsonValues.copyOf(arguments);
    }

    public static Answer yes() {
      return new Answer(Verdict.APPROVED, "", Map.of());
    }

    public static Answer no(String reason) {
      return new Answer(Verdict.DENIED, reason, Map.of());
    }

    /** Yes, with these arguments instead of those that were asked for. */
    public static Answer edit(Map<String, ? extends @Nullable Object> arguments) {
      return new Answer(Verdict.EDITED, "", JsonValues.copyOf(arguments));
    }

    /** Not yet: the run ends with {@link StopReason#SUSPENDED} and is resumed when it is known. */
    public static Answer later() {
      return new Answer(Verdict.PENDING, "", Map.of());
    }

    public boolean approved() {
      return verdict == Verdict.APPROVED;
    }
  }

  Answer decide(ToolCall call);

  /** Denies everything: what an agent does when nobody can be asked. */
  static Approver nobody() {
    return call -> Answer.no(ModelMessages.nobodyToApprove());
  }

  /**
   * Suspends the run at each call that needs approval, so that it can be decided hours later, in
   * another process. Needs a {@link Journal}.
   */
  static Approver suspend() {
    return call -> Answer.later();
  }
}
