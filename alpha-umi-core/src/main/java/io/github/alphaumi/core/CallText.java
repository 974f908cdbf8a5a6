package io.github.alphaumi.core;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
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

  private CallText() {}

  /**
   * @param exact whether the text was written as trained: nothing had to be mended
   */
  record Reading(Caller.Turn turn, boolean exact) {}

  static String write(ToolCall call) {
    return BEFORE_NAME + call.name() + BEFORE_ARGUMENTS + call.argumentsJson();
  }

  static Reading read(String text) {
    Matcher trained = TRAINED.matcher(text.strip());
    if (trained.matches()
        && JsonValues.parse(trained.group(2)).orElse("") instanceof Map<?, ?> arguments) {
      return new Reading(new ToolCall(trained.group(1), JsonValues.copyOf(arguments)), true);
    }
    return new Reading(readTolerantly(text), false);
  }

  private static Caller.Turn readTolerantly(String text) {
    Matcher action = ON_A_LINE.matcher(text);
    boolean found = action.find();
    if (!found) {
      action = ANYWHERE.matcher(text);
      found = action.find();
    }
    if (found) {
      return named(text, action);
    }
    return JsonValues.findObject(text)
        .flatMap(CallText::asObject)
        .<Caller.Turn>map(call -> call)
        .orElseGet(
            () ->
                new UnreadableCall(
                    text,
                    "write "
                        + BEFORE_NAME
                        + "the tool's name, then on a line of its own "
                        + BEFORE_ARGUMENTS.strip()
                        + " and a JSON object"));
  }

  private static Caller.Turn named(String text, Matcher action) {
    String name = action.group(1);
    String after = text.substring(action.end());
    // The two lines may come in the other order; then the arguments stand before the name.
    String around =
        after.indexOf('{') < 0 && !INPUT.matcher(after).find()
            ? inputIn(text.substring(0, action.start()))
            : after;
    Optional<Map<String, @Nullable Object>> arguments = JsonValues.findObject(around);
    if (arguments.isPresent()) {
      return new ToolCall(name, arguments.get());
    }
    Matcher input = INPUT.matcher(around);
    boolean none = !input.find() || NO_ARGUMENTS.matcher(input.group(1)).matches();
    return around.indexOf('{') < 0 && none
        ? new ToolCall(name, Map.of())
        : new UnreadableCall(text, notAnObject(name));
  }

  /** Whether this can stand after "Action:" and be read back. */
  static boolean isName(@Nullable String text) {
    return text != null && ONLY_NAME.matcher(text).matches();
  }

  static String notAnObject(String name) {
    return "the arguments of " + name + " are not a JSON object";
  }

  private static String inputIn(String before) {
    Matcher input = INPUT.matcher(before);
    return input.find() ? before.substring(input.start()) : "";
  }

  /** The form of other frameworks: one object with the name and the arguments as members. */
  private static Optional<ToolCall> asObject(Map<String, @Nullable Object> object) {
    Object inner = object.get("function");
    Map<?, ?> call = inner instanceof Map<?, ?> nested ? nested : object;
    Optional<String> name =
        Stream.of("name", "tool", "action", "tool_name", "function")
            .map(call::get)
            .filter(String.class::isInstance)
            .map(String.class::cast)
            .filter(CallText::isName)
            .findFirst();
    return name.flatMap(n -> arguments(call).map(a -> new ToolCall(n, a)));
  }

  private static Optional<Map<String, @Nullable Object>> arguments(Map<?, ?> call) {
    for (String key : new String[] {"arguments", "parameters", "args", "input", "action_input"}) {
      Object value = call.get(key);
      if (value instanceof Map<?, ?> map) {
        return Optional.of(JsonValues.copyOf(map));
      }
      if (value instanceof String string && !string.isBlank()) {
        return JsonValues.findObject(string);
      }
    }
    return Optional.of(Map.of());
  }
}
