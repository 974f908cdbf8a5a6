package io.github.alphaumi.core;

import com.google.common.base.CharMatcher;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
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

  /** How other frameworks end: ReAct's answer, the backbone's, a function named after it. */
  private static final Pattern ANSWERED =
      Pattern.compile(
          "^[ \\t>#*_`]{0,9}(?:final\\s?answer|conclusion)[*_`]{0,3}\\s?:|^\\s{0,9}finish\\s?[\\[(]",
          Pattern.CASE_INSENSITIVE | Pattern.MULTILINE);

  private static final Pattern GAVE_UP =
      Pattern.compile("\\W{0,9}give[\\s_-]?up", Pattern.CASE_INSENSITIVE);
  private static final Pattern THOUGHT =
      Pattern.compile(
          "\\A[\\s>#*_`]{0,9}thoughts?[*_`]{0,3}:[\\s*_`]{0,9}", Pattern.CASE_INSENSITIVE);

  /** Results are never the planner's to write. */
  private static final Pattern INVENTED =
      Pattern.compile("\\n[ \\t>#*_`]{0,9}observation[*_`]{0,3}\\s?:", Pattern.CASE_INSENSITIVE);

  private static final int LONGEST_RATIONALE = 4_000;
  private static final int KEPT_BEGINNING = 1_000;

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
    if (trained.find() && text.indexOf("</think>", trained.end()) < 0) {
      Decision decision = decision(trained.group(1), text.substring(0, trained.start()));
      return Optional.of(new Reading(decision, text.strip().equals(write(decision))));
    }
    return readTolerantly(Thinking.without(text)).map(decision -> new Reading(decision, false));
  }

  private static Optional<Decision> readTolerantly(String text) {
    Optional<Decision> structured = structured(text);
    if (structured.isPresent()) {
      return structured;
    }
    Matcher trained = TRAINED.matcher(text);
    if (trained.find()) {
      return Optional.of(decision(trained.group(1), text.substring(0, trained.start())));
    }
    Matcher marked = MARKED.matcher(text);
    if (marked.find()) {
      return Optional.of(decision(marked.group(1), rationale(text, marked)));
    }
    Optional<Decision> foreign = foreign(text);
    if (foreign.isPresent()) {
      return foreign;
    }
    Matcher last = LAST_WORDS.matcher(text);
    return last.find()
        ? Optional.of(decision(last.group(1), text.substring(0, last.start())))
        : Optional.empty();
  }

  /** An object with the members {@code rationale} and {@code next}, in a fence or not. */
  static Optional<Decision> structured(String text) {
    String stripped = text.stripLeading();
    if (!stripped.startsWith("{") && !stripped.startsWith("```")) {
      return Optional.empty();
    }
    return JsonValues.findObject(stripped)
        .flatMap(
            plan ->
                plan.get("next") instanceof String next
                    ? choice(next, plan.get("rationale") instanceof String why ? why : "")
                    : Optional.empty());
  }

  /**
   * A turn in another framework's form: an answer is a conclusion, and a call is told to the caller
   * in words, so that what cannot be read as one never stands in the history.
   */
  private static Optional<Decision> foreign(String text) {
    Matcher answered = ANSWERED.matcher(text);
    int answer = answered.find() ? answered.start() : text.length();
    int action = CallText.startOfAction(text);
    if (action >= 0 && action < answer) {
      return Optional.of(callInWords(text, text.substring(0, action)));
    }
    if (answer < text.length()) {
      String conclusion = text.substring(answered.end());
      return Optional.of(
          GAVE_UP.matcher(conclusion).lookingAt()
              ? new Decision.GiveUp(clean(withoutThought(text.substring(0, answer))))
              : new Decision.Conclude(clean(withoutThought(text))));
    }
    return ForeignCalls.find(text, Set.of()).map(call -> new Decision.Call(inWords(call, "")));
  }

  private static Decision callInWords(String text, String before) {
    String thought = clean(withoutThought(before));
    return new Decision.Call(
        CallText.read(text).turn() instanceof ToolCall call ? inWords(call, thought) : thought);
  }

  static String inWords(ToolCall call, String thought) {
    String words =
        "Call "
            + call.name()
            + (call.arguments().isEmpty() ? "." : " with " + call.argumentsJson() + ".");
    return shortened(thought.isEmpty() ? words : thought + " " + words);
  }

  private static String withoutThought(String text) {
    return THOUGHT.matcher(text).replaceFirst("");
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
    String rationale = clean(Thinking.without(text));
    boolean answered =
        trajectory.last().stream()
            .flatMap(step -> step.outcomes().stream())
            .anyMatch(outcome -> !outcome.observation().isError());
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
    Matcher invented = INVENTED.matcher(rest);
    String own = invented.find() ? rest.substring(0, invented.start()).strip() : rest;
    return NOTHING.matcher(own).matches() ? "" : shortened(own);
  }

  /** An endless rationale keeps its beginning and its end, where the conclusion stands. */
  private static String shortened(String rationale) {
    int length = rationale.length();
    return length <= LONGEST_RATIONALE
        ? rationale
        : rationale.substring(0, whole(rationale, KEPT_BEGINNING))
            + " … "
            + rationale.substring(
                whole(rationale, length - LONGEST_RATIONALE + KEPT_BEGINNING + 3));
  }

  /** Not in the middle of a surrogate pair. */
  private static int whole(String text, int at) {
    return Character.isLowSurrogate(text.charAt(at)) ? at + 1 : at;
  }
}
