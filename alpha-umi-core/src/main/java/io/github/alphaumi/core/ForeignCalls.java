package io.github.alphaumi.core;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Calls in the forms of other frameworks: JSON objects with the name as a member (OpenAI, Hermes,
 * Mistral, LangChain), tags (Qwen, Llama, Claude, GLM) and function calls as in Python.
 */
final class ForeignCalls {
  /** Candidates that are tried in one text. */
  private static final int TRIES = 8;

  /** More than any call has; each costs a look at the rest of the text. */
  private static final int MOST_PARAMETERS = 64;

  private static final String NAME = "([\\w.$/-]{1,100}+)";

  /** {@code <function=foo>}, {@code <invoke name="foo">}, {@code <tool_call>foo<arg_key>}. */
  private static final Pattern TAG =
      Pattern.compile(
          "<(?:function=\"?|invoke\\s{1,9}name=\"|tool_call>\\s{0,9})" + NAME + "(?=[\"\\s<>])");

  private static final Pattern PARAMETER =
      Pattern.compile(
          "<(?:parameter=\"?|parameter\\s{1,9}name=\"|arg_key>)([\\w.$-]{1,100}+)[^>]{0,9}>"
              + "(?:\\s{0,9}<arg_value>)?");
  private static final Pattern CALLED = Pattern.compile("(?<![\\w.$-])" + NAME + "\\s{0,3}\\(");
  private static final Pattern NAMED_OBJECT =
      Pattern.compile("\\A[\\s`*<|>]{0,20}" + NAME + "[\\s`*:]{0,20}\\{");
  private static final List<String> WRAPPERS =
      List.of("tool_calls", "function_call", "tool_call", "call", "function", "action");
  private static final List<String> NAMES =
      List.of("name", "tool", "action", "tool_name", "function", "function_name", "recipient_name");
  private static final List<String> ARGUMENTS =
      List.of(
          "arguments",
          "parameters",
          "args",
          "kwargs",
          "input",
          "action_input",
          "tool_input",
          "params");

  private ForeignCalls() {}

  /**
   * The first call in the text.
   *
   * @param names the tools there are; empty if they are not known, and then only a form that can be
   *     nothing else is a call
   */
  static Optional<ToolCall> find(String text, Set<String> names) {
    return tagged(text)
        .or(() -> JsonValues.findObject(text).flatMap(object -> asObject(object, names, 0)))
        // An object with a name alone and without an end lost its arguments.
        .filter(
            call -> !call.arguments().isEmpty() || text.indexOf('{') < 0 || text.indexOf('}') >= 0)
        .or(() -> namedObject(text, names))
        .or(() -> asPython(text, names));
  }

  private static Optional<ToolCall> tagged(String text) {
    Matcher tag = TAG.matcher(text);
    if (!tag.find() || !CallText.isName(tag.group(1))) {
      return Optional.empty();
    }
    int end = text.indexOf("</tool_call>", tag.end());
    String inside = text.substring(tag.end(), end < 0 ? text.length() : end);
    Map<String, @Nullable Object> arguments = new LinkedHashMap<>();
    Matcher parameter = PARAMETER.matcher(inside);
    for (int i = 0; i < MOST_PARAMETERS && parameter.find(); i++) {
      int close = inside.indexOf("</", parameter.end());
      if (close < 0) {
        return Optional.empty();
      }
      String value = inside.substring(parameter.end(), close).strip();
      arguments.put(parameter.group(1), JsonValues.parse(value).orElse(value));
    }
    if (arguments.isEmpty() && inside.indexOf('{') >= 0) {
      return JsonValues.findObject(inside).map(found -> new ToolCall(tag.group(1), found));
    }
    return Optional.of(new ToolCall(tag.group(1), arguments));
  }

  private static Optional<ToolCall> asObject(Map<?, ?> object, Set<String> names, int depth) {
    for (String wrapper : WRAPPERS) {
      Object inner = object.get(wrapper);
      if (inner instanceof List<?> list && !list.isEmpty()) {
        inner = list.get(0);
      }
      if (inner instanceof Map<?, ?> nested && depth < 3) {
        return asObject(nested, names, depth + 1);
      }
    }
    Optional<String> name =
        NAMES.stream()
            .map(object::get)
            .flatMap(value -> value instanceof String text ? Stream.of(text) : Stream.empty())
            .map(ForeignCalls::withoutNamespace)
            .filter(CallText::isName)
            .findFirst();
    if (name.isPresent()) {
      return arguments(object).map(arguments -> new ToolCall(name.get(), arguments));
    }
    if (object.size() == 1) {
      Map.Entry<?, ?> only = object.entrySet().iterator().next();
      if (only.getValue() instanceof Map<?, ?> arguments
          && only.getKey() instanceof String key
          && names.contains(key)) {
        return Optional.of(new ToolCall(key, JsonValues.copyOf(arguments)));
      }
    }
    return Optional.empty();
  }

  /** {@code functions.foo}, as some models name a tool that they were given as {@code foo}. */
  private static String withoutNamespace(String name) {
    return name.startsWith("functions.") ? name.substring("functions.".length()) : name;
  }

  private static Optional<Map<String, @Nullable Object>> arguments(Map<?, ?> call) {
    for (String key : ARGUMENTS) {
      Object value = call.get(key);
      if (value instanceof Map<?, ?> map) {
        return Optional.of(JsonValues.copyOf(map));
      }
      if (value instanceof String string && !string.isBlank()) {
        return JsonValues.findObject(string);
      }
      if (value != null && !(value instanceof String)) {
        return Optional.empty();
      }
    }
    return Optional.of(Map.of());
  }

  private static Optional<ToolCall> namedObject(String text, Set<String> names) {
    Matcher named = NAMED_OBJECT.matcher(text);
    return named.find() && names.contains(named.group(1))
        ? LenientJson.object(text, named.end() - 1)
            .object()
            .map(found -> new ToolCall(named.group(1), found))
        : Optional.empty();
  }

  private static Optional<ToolCall> asPython(String text, Set<String> names) {
    Matcher called = CALLED.matcher(text);
    List<ToolCall> found = new ArrayList<>();
    for (int i = 0; i < TRIES && found.isEmpty() && called.find(); i++) {
      String name = lastSegment(called.group(1));
      boolean known = names.isEmpty() ? startsLine(text, called.start()) : names.contains(name);
      if (known && CallText.isName(name)) {
        LenientJson.object(text, called.end() - 1)
            .object()
            .ifPresent(arguments -> found.add(new ToolCall(name, arguments)));
      }
    }
    return found.stream().findFirst();
  }

  /** {@code default_api.foo}, {@code foo.call}. */
  private static String lastSegment(String name) {
    String path = name.endsWith(".call") ? name.substring(0, name.length() - 5) : name;
    return path.substring(path.lastIndexOf('.') + 1);
  }

  /** Also behind a tag, a control token or the function that prints it. */
  private static boolean startsLine(String text, int at) {
    if (text.startsWith("print(", at - 6) || text.startsWith(">", at - 1)) {
      return true;
    }
    for (int i = at - 1; i >= 0 && text.charAt(i) != '\n'; i--) {
      if (" \t`[".indexOf(text.charAt(i)) < 0) {
        return false;
      }
    }
    return true;
  }
}
