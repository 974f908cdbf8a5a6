package io.github.alphaumi.core;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A caller's turn as text: {@code Action: NAME}, a newline, {@code Action Input: {...}} (arXiv
 * 2401.07324, the form of its data). Other forms that weak models use are read where they leave no
 * doubt.
 *
 * <p>The first call counts, because what follows it is the model's own idea of how things go on;
 * the published reader takes the last "Action:", wherever it stands, even inside an argument.
 */
final class CallText {
  static final String BEFORE_NAME = "Action: ";
  static final String BEFORE_ARGUMENTS = "\nAction Input: ";

  /** What cannot be part of a name; a full stop or colon can, except at the end. */
  private static final String NO_NAME = "\\s`\"'*<>(){}\\[\\],;";

  private static final String NAME = "([^" + NO_NAME + "]*[^" + NO_NAME + ".:])";
  private static final Pattern ONLY_NAME = Pattern.compile(NAME);
  private static final Pattern TRAINED =
      Pattern.compile("Action: " + NAME + "\nAction Input: (\\{.*})", Pattern.DOTALL);
  private static final String TOLERANT = "action\\s*:[\\s`\"'*]*+" + NAME;

  /** A line of its own first: inside an argument the same words name no tool. */
  private static final Pattern ON_A_LINE =
      Pattern.compile("^[ \\t>#*`\"'-]*+" + TOLERANT, Pattern.CASE_INSENSITIVE | Pattern.MULTILINE);

  private static final Pattern ANYWHERE = Pattern.compile(TOLERANT, Pattern.CASE_INSENSITIVE);
  private static final Pattern INPUT =
      Pattern.compile("action[\\s_]?input[\\s`\"'*]*+:([^\\n]*+)", Pattern.CASE_INSENSITIVE);
  private static final Pattern NO_ARGUMENTS =
      Pattern.compile("\\W*+(?:(?:none|null|n/a|empty)\\b)?\\W*+", Pattern.CASE_INSENSITIVE);

  /** Nothing but marks and tags between the name and the end of its line, or the other line. */
  private static final Pattern NOTHING_MORE =
      Pattern.compile(
          "(?:\\(\\s*+\\)|<[^<>\\n]{0,40}>|[^\\w\\n(\\[<])*+(?:\\n|\\z|action[\\s_]?input)",
          Pattern.CASE_INSENSITIVE);

  private CallText() {}

  /**
   * @param exact whether the text was written as trained: nothing had to be mended
   */
  record Reading(Caller.Turn turn, boolean exact) {}

  static String write(ToolCall call) {
    return BEFORE_NAME + call.name() + BEFORE_ARGUMENTS + call.argumentsJson();
  }

  static Reading read(String text) {
    return read(text, Set.of());
  }

  /**
   * @param names the tools there are; with them more forms leave no doubt
   */
  static Reading read(String text, Set<String> names) {
    Matcher trained = TRAINED.matcher(text.strip());
    if (trained.matches()
        && JsonValues.parse(trained.group(2)).orElse("") instanceof Map<?, ?> arguments) {
      return new Reading(new ToolCall(trained.group(1), JsonValues.copyOf(arguments)), true);
    }
    return new Reading(readTolerantly(Thinking.without(text), names), false);
  }

  /** A text that was cut off: nothing of it is completed, and no name may have lost its end. */
  static Reading readCut(String text, Set<String> names) {
    Reading reading = read(text, names);
    if (reading.exact()) {
      return reading;
    }
    // With this character at its end no bracket is taken for forgotten.
    Caller.Turn turn = read(text + "\u0000", names).turn();
    return turn instanceof ToolCall call && !call.arguments().isEmpty()
        ? reading
        : new Reading(new Caller.Unreadable(text, ModelMessages.cutOff()), false);
  }

  private static Caller.Turn readTolerantly(String text, Set<String> names) {
    Matcher action = action(text);
    if (action != null) {
      return named(text, action);
    }
    return ForeignCalls.find(text, names)
        .<Caller.Turn>map(call -> call)
        .orElseGet(() -> new Caller.Unreadable(text, ModelMessages.howToCall()));
  }

  private static @Nullable Matcher action(String text) {
    Matcher line = ON_A_LINE.matcher(text);
    if (line.find()) {
      return line;
    }
    Matcher anywhere = ANYWHERE.matcher(text);
    return anywhere.find() ? anywhere : null;
  }

  /** Where the lines of a call begin in the text, -1 if there are none. */
  static int startOfAction(String text) {
    Matcher line = ON_A_LINE.matcher(text);
    return line.find() ? line.start() : -1;
  }

  private static Caller.Turn named(String text, Matcher action) {
    String name = action.group(1);
    String after = text.substring(action.end());
    // The two lines may come in the other order; then the arguments stand before the name.
    boolean inputAfter = after.indexOf('{') >= 0 || INPUT.matcher(after).find();
    String around = inputAfter ? after : inputIn(text.substring(0, action.start()));
    Optional<Map<String, @Nullable Object>> arguments = arguments(after, around);
    if (arguments.isPresent()) {
      return new ToolCall(name, arguments.get());
    }
    Matcher input = INPUT.matcher(around);
    boolean none = !input.find() || NO_ARGUMENTS.matcher(input.group(1)).matches();
    return around.indexOf('{') < 0 && none && NOTHING_MORE.matcher(after).lookingAt()
        ? new ToolCall(name, Map.of())
        : new Caller.Unreadable(text, ModelMessages.notAnObject(name));
  }

  /** As an object, or as a function's arguments right behind its name. */
  private static Optional<Map<String, @Nullable Object>> arguments(String after, String around) {
    int parenthesis = after.indexOf('(');
    boolean asFunction = parenthesis >= 0 && after.substring(0, parenthesis).isBlank();
    Optional<Map<String, @Nullable Object>> called =
        asFunction ? LenientJson.object(after, parenthesis).object() : Optional.empty();
    return called.isPresent() ? called : JsonValues.findObject(around);
  }

  /** Whether this can stand after "Action:" and be read back. */
  static boolean isName(@Nullable String text) {
    return text != null && ONLY_NAME.matcher(text).matches();
  }

  private static String inputIn(String before) {
    Matcher input = INPUT.matcher(before);
    return input.find() ? before.substring(input.start()) : "";
  }
}
