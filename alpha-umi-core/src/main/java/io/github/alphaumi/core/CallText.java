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
 */
final class CallText {
  static final String BEFORE_NAME = "Action: ";
  static final String BEFORE_ARGUMENTS = "\nAction Input: ";

  private static final Pattern TRAINED =
      Pattern.compile("Action: (\\S+)\nAction Input: (\\{.*})", Pattern.DOTALL);
  private static final Pattern TOLERANT =
      Pattern.compile(
          "action\\s*:\\s*[`\"'*]*([\\w.\\-/]+)(.*)", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

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
    Matcher action = TOLERANT.matcher(text);
    if (action.find()) {
      String name = action.group(1);
      String rest = action.group(2);
      Optional<Map<String, @Nullable Object>> arguments = JsonValues.findObject(rest);
      if (arguments.isPresent()) {
        return new ToolCall(name, arguments.get());
      }
      return rest.indexOf('{') < 0
          ? new ToolCall(name, Map.of())
          : new UnreadableCall(text, "the arguments of " + name + " are not a JSON object");
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

  /** The form of other frameworks: one object with the name and the arguments as members. */
  private static Optional<ToolCall> asObject(Map<String, @Nullable Object> object) {
    Object inner = object.get("function");
    Map<?, ?> call = inner instanceof Map<?, ?> nested ? nested : object;
    Optional<String> name =
        Stream.of("name", "tool", "action", "tool_name")
            .map(call::get)
            .filter(String.class::isInstance)
            .map(String.class::cast)
            .findFirst();
    return name.flatMap(n -> arguments(call).map(a -> new ToolCall(n, a)));
  }

  private static Optional<Map<String, @Nullable Object>> arguments(Map<?, ?> call) {
    for (String key : new String[] {"arguments", "parameters", "args", "input", "action_input"}) {
      Object value = call.get(key);
      if (value instanceof Map<?, ?> map) {
        return Optional.of(JsonValues.copyOf(map));
      }
      if (value instanceof String string) {
        return JsonValues.findObject(string);
      }
    }
    return Optional.of(Map.of());
  }
}
