package io.github.alphaumi.lab;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A value as Python's {@code json.loads} reads it, and compared as Python compares: 1 equals 1.0
 * and true, {@code "1"} does not equal 1, NaN equals nothing.
 *
 * @param value a map, a list, a text, a Boolean, null, a {@link BigDecimal} for an integer or a
 *     {@link Double} for a float
 */
record PythonValue(@Nullable Object value) {
  private static final JsonFactory FACTORY =
      JsonFactory.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  /** Jackson takes more spellings than Python. */
  private static final Set<String> NOT_FINITE = Set.of("NaN", "Infinity", "-Infinity");

  /** The value; empty if Python would raise an exception. */
  static Optional<PythonValue> parse(String json) {
    try (JsonParser parser = FACTORY.createParser(json)) {
      if (parser.nextToken() == null) {
        return Optional.empty();
      }
      Object value = read(parser);
      return parser.nextToken() == null ? Optional.of(new PythonValue(value)) : Optional.empty();
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static @Nullable Object read(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String key = parser.currentName();
          parser.nextToken();
          map.put(key, read(parser));
        }
        yield map;
      }
      case START_ARRAY -> {
        List<@Nullable Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          list.add(read(parser));
        }
        yield list;
      }
      case VALUE_STRING -> parser.getText();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      case VALUE_NUMBER_INT -> new BigDecimal(parser.getText());
      default -> floating(parser.getText());
    };
  }

  private static Double floating(String text) throws IOException {
    if (!Character.isDigit(text.charAt(text.length() - 1)) && !NOT_FINITE.contains(text)) {
      throw new IOException("Python reads no " + text);
    }
    return Double.valueOf(text);
  }

  /** Python's {@code a == b}. */
  static boolean equal(@Nullable Object a, @Nullable Object b) {
    if (isNumber(a) && isNumber(b)) {
      return equalNumbers(a, b);
    }
    if (a instanceof List<?> x && b instanceof List<?> y) {
      return equalLists(x, y);
    }
    if (a instanceof Map<?, ?> x && b instanceof Map<?, ?> y) {
      return x.size() == y.size()
          && x.entrySet().stream()
              .allMatch(
                  entry ->
                      y.containsKey(entry.getKey())
                          && equal(entry.getValue(), y.get(entry.getKey())));
    }
    return a == null ? b == null : a instanceof String && a.equals(b);
  }

  private static boolean equalLists(List<?> x, List<?> y) {
    Iterator<?> others = y.iterator();
    return x.size() == y.size() && x.stream().allMatch(item -> equal(item, others.next()));
  }

  private static boolean isNumber(@Nullable Object value) {
    return value instanceof Number || value instanceof Boolean;
  }

  private static boolean equalNumbers(@Nullable Object a, @Nullable Object b) {
    if (isInfiniteOrNan(a) || isInfiniteOrNan(b)) {
      return a instanceof Double x && b instanceof Double y && x.doubleValue() == y.doubleValue();
    }
    return exact(a).compareTo(exact(b)) == 0;
  }

  private static boolean isInfiniteOrNan(@Nullable Object value) {
    return value instanceof Double number && (number.isInfinite() || number.isNaN());
  }

  private static BigDecimal exact(@Nullable Object value) {
    if (value instanceof Boolean truth) {
      return truth ? BigDecimal.ONE : BigDecimal.ZERO;
    }
    // Not valueOf, which rounds: Python compares an integer with the float's exact value.
    return value instanceof Double number
        ? new BigDecimal(number)
        : (BigDecimal) requireNumber(value);
  }

  private static Object requireNumber(@Nullable Object value) {
    if (value == null) {
      throw new IllegalArgumentException("null is no number");
    }
    return value;
  }
}
