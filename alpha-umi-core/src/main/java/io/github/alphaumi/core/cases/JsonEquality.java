package io.github.alphaumi.core.cases;

import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * When arguments are the same: as JSON values, numbers by value, text without white space around
 * it, an argument left out as its default, and as the case's other accepted values.
 *
 * @param alternatives values that are accepted in place of the expected one, by argument
 */
record JsonEquality(Map<String, List<@Nullable Object>> alternatives) {

  /** Without other accepted values. */
  static JsonEquality strict() {
    return new JsonEquality(Map.of());
  }

  /**
   * @param defaults of arguments that may be left out
   */
  boolean same(
      Map<String, @Nullable Object> expected,
      Map<String, @Nullable Object> actual,
      Map<String, @Nullable Object> defaults) {
    Set<String> names = new HashSet<>(expected.keySet());
    names.addAll(actual.keySet());
    for (String name : names) {
      if (!given(name, expected, defaults) || !given(name, actual, defaults)) {
        return false;
      }
      Object right = expected.containsKey(name) ? expected.get(name) : defaults.get(name);
      Object value = actual.containsKey(name) ? actual.get(name) : defaults.get(name);
      if (!same(right, value) && !accepted(name, value)) {
        return false;
      }
    }
    return true;
  }

  private static boolean given(
      String name, Map<String, ?> arguments, Map<String, @Nullable Object> defaults) {
    return arguments.containsKey(name) || defaults.containsKey(name);
  }

  boolean accepted(String name, @Nullable Object value) {
    return alternatives.getOrDefault(name, List.of()).stream()
        .anyMatch(other -> same(other, value));
  }

  static boolean same(@Nullable Object one, @Nullable Object other) {
    if (one instanceof Number a && other instanceof Number b) {
      return decimal(a).compareTo(decimal(b)) == 0;
    }
    if (one instanceof String a && other instanceof String b) {
      return a.strip().equals(b.strip());
    }
    if (one instanceof List<?> a && other instanceof List<?> b) {
      if (a.size() != b.size()) {
        return false;
      }
      for (int i = 0; i < a.size(); i++) {
        if (!same(a.get(i), b.get(i))) {
          return false;
        }
      }
      return true;
    }
    if (one instanceof Map<?, ?> a && other instanceof Map<?, ?> b) {
      return a.keySet().equals(b.keySet())
          && a.keySet().stream().allMatch(key -> same(a.get(key), b.get(key)));
    }
    return Objects.equals(one, other);
  }

  private static BigDecimal decimal(Number number) {
    return number instanceof BigDecimal decimal ? decimal : new BigDecimal(number.toString());
  }
}
