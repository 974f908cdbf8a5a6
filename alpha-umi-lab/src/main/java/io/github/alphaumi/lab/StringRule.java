package io.github.alphaumi.lab;

import io.github.alphaumi.core.PythonJson;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * STE's rule for arguments: every right one is there, and its text is the same but for case and
 * white space around it. More arguments than the right ones do no harm.
 */
final class StringRule {
  private StringRule() {}

  static boolean fits(Map<String, @Nullable Object> truth, Map<?, ?> predicted) {
    return truth.entrySet().stream()
        .allMatch(
            entry ->
                predicted.containsKey(entry.getKey())
                    && text(entry.getValue()).equals(text(predicted.get(entry.getKey()))));
  }

  private static String text(@Nullable Object value) {
    return PythonText.strip(str(value)).toLowerCase(Locale.ROOT);
  }

  /** Python's {@code str(value)}. */
  private static String str(@Nullable Object value) {
    return value instanceof String text ? text : repr(value);
  }

  private static String repr(@Nullable Object value) {
    if (value == null) {
      return "None";
    }
    if (value instanceof Boolean truth) {
      return truth ? "True" : "False";
    }
    if (value instanceof List<?> list) {
      return list.stream().map(StringRule::repr).collect(Collectors.joining(", ", "[", "]"));
    }
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(entry -> repr(entry.getKey()) + ": " + repr(entry.getValue()))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    if (value instanceof String text) {
      char quote = text.contains("'") && !text.contains("\"") ? '"' : '\'';
      String escaped = text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t");
      return quote + (quote == '\'' ? escaped.replace("'", "\\'") : escaped) + quote;
    }
    return PythonJson.write(value);
  }
}
