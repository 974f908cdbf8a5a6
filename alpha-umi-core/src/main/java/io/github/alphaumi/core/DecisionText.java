package io.github.alphaumi.core;

import com.google.common.base.CharMatcher;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A planner's turn as text: the rationale, then one of three endings (arXiv 2401.07324, the
 * spelling of its data). Models also write them in other cases and forms, and those count too.
 *
 * <p>An ending in its trained spelling wins over anything that only looks like one, so that prose
 * ("the next call needs a date") does not decide; of several, the first, because what a model
 * writes after its own ending is invented. The published loop differs: there "give up" anywhere
 * wins.
 */
final class DecisionText {
  static final String CALLER = "Next: caller.";
  static final String CONCLUSION = "Next: conclusion.";
  static final String GIVE_UP = "Next: give up.";
  static final List<String> ENDINGS = List.of(CALLER, CONCLUSION, GIVE_UP);

  private static final String CHOICES =
      "(caller|call|conclusion|conclude|summari[sz]er|summari[sz]e|give[\\s_-]?up)\\b";
  private static final Pattern TRAINED = Pattern.compile("Next: (caller|conclusion|give up)\\.");

  /** "Next", a mark, the choice: "**Next:** conclusion", "next - give_up", "Next is: caller". */
  private static final Pattern MARKED =
      Pattern.compile(
          "\\bnext(?:\\s(?:step|turn|role|is)){0,2}[\\s\"'*_`(]{0,4}[:=>\\u2013\\u2014-]"
              + "[\\s\"'*_`(>]{0,4}(?:the\\s)?"
              + CHOICES,
          Pattern.CASE_INSENSITIVE);

  /** Without a mark it is a decision only where the text ends with it. */
  private static final Pattern LAST_WORDS =
      Pattern.compile(
          "\\bnext(?:\\sis)?[^\\w.]{1,4}(?:the\\s)?" + CHOICES + "\\W*+$",
          Pattern.CASE_INSENSITIVE);

  private static final CharMatcher OPENING =
      CharMatcher.whitespace().or(CharMatcher.anyOf("*_`\"'("));
  private static final Pattern NOTHING = Pattern.compile("[.,:]?");

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

  /** The decision in a planner's text; empty if there is none. */
  static Optional<Reading> read(String text) {
    Matcher trained = TRAINED.matcher(text);
    if (trained.find()) {
      Decision decision = decision(trained.group(1), text.substring(0, trained.start()));
      return Optional.of(new Reading(decision, text.strip().equals(write(decision))));
    }
    Matcher marked = MARKED.matcher(text);
    if (marked.find()) {
      return Optional.of(new Reading(decision(marked.group(1), rationale(text, marked)), false));
    }
    Matcher last = LAST_WORDS.matcher(text);
    return last.find()
        ? Optional.of(new Reading(decision(last.group(1), text.substring(0, last.start())), false))
        : Optional.empty();
  }

  /** The decision that a structured answer names; empty if it names none. */
  static Optional<Decision> choice(String next, String rationale) {
    Matcher choice = Pattern.compile(CHOICES, Pattern.CASE_INSENSITIVE).matcher(next.strip());
    return choice.lookingAt()
        ? Optional.of(decision(choice.group(1), rationale))
        : Optional.empty();
  }

  /**
   * What a planner's text without a decision is taken for: a call as in the published loop, unless
   * there is nothing to call or the planner, having a result at hand, has nothing more to say.
   */
  static Decision withoutEnding(String text, Trajectory trajectory, boolean anyTools) {
    String rationale = clean(text);
    boolean answered = trajectory.last().map(step -> !step.observation().isError()).orElse(false);
    return !anyTools || (rationale.isEmpty() && answered)
        ? new Decision.Conclude(rationale)
        : new Decision.Call(rationale);
  }

  /** The verb takes its object along: "Next: call getPrice for MSFT" says what to call. */
  private static String rationale(String text, Matcher marked) {
    int end = text.indexOf('\n', marked.end());
    String restOfLine = text.substring(marked.end(), end < 0 ? text.length() : end);
    boolean verb = marked.group(1).toLowerCase(Locale.ROOT).matches("call|conclude|summari[sz]e");
    return verb && restOfLine.chars().anyMatch(Character::isLetterOrDigit)
        ? text.substring(0, marked.end() + restOfLine.length())
        : beforeMark(text, marked);
  }

  /** Without the marks that opened an emphasis or a bracket around "Next". */
  private static String beforeMark(String text, Matcher ending) {
    return OPENING.trimTrailingFrom(text.substring(0, ending.start()));
  }

  private static Decision decision(String choice, String text) {
    String rationale = clean(text);
    String word = choice.toLowerCase(Locale.ROOT);
    if (word.startsWith("give")) {
      return new Decision.GiveUp(rationale);
    }
    return word.startsWith("call")
        ? new Decision.Call(rationale)
        : new Decision.Conclude(rationale);
  }

  /** As the published loop does: one leading colon goes, and a lone mark is nothing. */
  private static String clean(String text) {
    String stripped = text.strip();
    String rest = stripped.startsWith(": ") ? stripped.substring(2).strip() : stripped;
    return NOTHING.matcher(rest).matches() ? "" : rest;
  }
}
