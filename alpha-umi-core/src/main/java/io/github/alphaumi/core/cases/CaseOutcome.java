package io.github.alphaumi.core.cases;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How an attempt at a case went. Immutable.
 *
 * @param decision whether it called tools, answered or gave up where that was right
 * @param toolNames whether the right tools were called, whatever their arguments
 * @param callsExact whether the right calls were made and none that does harm
 * @param answer whether it ended as it should and its text has what it must and nothing it must not
 * @param failure what went wrong first; null if nothing did
 * @param problem one sentence on the failure; empty if there is none
 * @param remarks what could have been better, such as calls that were not needed
 * @param trajectory what was done, line by line
 */
public record CaseOutcome(
    boolean decision,
    boolean toolNames,
    boolean callsExact,
    boolean answer,
    @Nullable Failure failure,
    String problem,
    List<String> remarks,
    List<String> trajectory) {

  /** What can go wrong, in the order in which it is looked for. */
  public enum Failure {
    BUDGET("budget"),
    WRONG_DECISION("wrong decision"),
    WRONG_TOOL("wrong tool"),
    WRONG_ARGUMENT("wrong argument"),
    EXTRA_CALL("extra call"),
    WRONG_ANSWER("wrong answer");

    private final String words;

    Failure(String words) {
      this.words = words;
    }

    @Override
    public String toString() {
      return words;
    }
  }

  public CaseOutcome {
    remarks = List.copyOf(remarks);
    trajectory = List.copyOf(trajectory);
  }

  /** Whether all of it was right. */
  public boolean success() {
    return failure == null;
  }

  /** Failure, problem and trajectory as lines; empty if it was a success. */
  public Optional<String> report() {
    return success()
        ? Optional.empty()
        : Optional.of(failure + ": " + problem + "\n  " + String.join("\n  ", trajectory));
  }
}
