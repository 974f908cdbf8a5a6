package io.github.alphaumi.core;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A planner's turn as text: the rationale, then one of three endings (arXiv 2401.07324, the
 * spelling of its data). Models also write them in other cases and forms, and those count too.
 */
final class DecisionText {
  static final String CALLER = "Next: caller.";
  static final String CONCLUSION = "Next: conclusion.";
  static final String GIVE_UP = "Next: give up.";
  static final List<String> ENDINGS = List.of(CALLER, CONCLUSION, GIVE_UP);

  private static final Pattern ENDING =
      Pattern.compile(
          "next\\W{0,4}(?:is\\W{1,3})?(?:the\\s)?"
              + "(caller|call|conclusion|conclude|summari[sz]er|give[\\s_-]?up)",
          Pattern.CASE_INSENSITIVE);

  private DecisionText() {}

  /**
   * @param exact whether the text was written as trained: nothing had to be guessed
   */
  record Reading(Decision decision, boolean exact) {}

  static String write(Decision decision) {
    String ending =
        decision instanceof Decision.Call
            ? CALLER
            : decision instanceof Decision.Conclude ? CONCLUSION : GIVE_UP;
    String rationale = decision.rationale();
    return rationale.isEmpty() ? ending : rationale + " " + ending;
  }

  /** The decision in a planner's text: the first that stands there; empty if there is none. */
  static Optional<Reading> read(String text) {
    Matcher matcher = ENDING.matcher(text);
    if (!matcher.find()) {
      return Optional.empty();
    }
    String rationale = text.substring(0, matcher.start()).strip();
    Decision decision =
        switch (matcher.group(1).toLowerCase(Locale.ROOT).charAt(0)) {
          case 'g' -> new Decision.GiveUp(rationale);
          case 's' -> new Decision.Conclude(rationale);
          default ->
              matcher.group(1).toLowerCase(Locale.ROOT).startsWith("call")
                  ? new Decision.Call(rationale)
                  : new Decision.Conclude(rationale);
        };
    return Optional.of(new Reading(decision, text.strip().equals(write(decision))));
  }

  /**
   * What a planner's text without a decision is taken for: a call as in the published loop, unless
   * there is nothing to call or the planner, having a result at hand, has nothing more to say.
   */
  static Decision withoutEnding(String text, Trajectory trajectory, boolean anyTools) {
    String rationale = text.strip();
    boolean answered = trajectory.last().map(step -> !step.observation().isError()).orElse(false);
    return !anyTools || (rationale.isEmpty() && answered)
        ? new Decision.Conclude(rationale)
        : new Decision.Call(rationale);
  }
}
