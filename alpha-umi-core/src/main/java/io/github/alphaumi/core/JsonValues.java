package io.github.alphaumi.core;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** JSON as plain Java values: maps, lists, strings, numbers, booleans and null. */
final class JsonValues {
  private static final JsonMapper STRICT =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  /** Braces that are tried in one text; prose rarely has one. */
  private static final int TRIES = 8;

  /** Times that a text may be written as a string within a string. */
  private static final int NESTED_STRINGS = 3;

  private JsonValues() {}

  /**
   * The value of a text that is JSON from its first to its last character; empty for null. A number
   * whose exponent no decimal can have ({@code 1e99999999999}) is not read either.
   */
  static Optional<Object> parse(String text) {
    if (text.isBlank()) {
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(STRICT.readValue(text, Object.class));
    } catch (JsonProcessingException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  /**
   * The first object in the text, read tolerantly. A brace that begins something else (prose, code)
   * is passed over; an object that is broken is not replaced by one inside it.
   */
  static Optional<Map<String, @Nullable Object>> findObject(String text) {
    return findObject(text, NESTED_STRINGS);
  }

  private static Optional<Map<String, @Nullable Object>> findObject(String text, int strings) {
    int brace = text.indexOf('{');
    for (int i = 0; i < TRIES && brace >= 0; i++) {
      LenientJson.Read read = LenientJson.object(text, brace);
      if (read.object().isPresent()) {
        return read.object().map(JsonValues::copyOf);
      }
      if (read.begun()) {
        return Optional.empty();
      }
      if (text.startsWith("\\", nextInk(text, brace + 1))) {
        return strings == 0 ? Optional.empty() : findObject(unescaped(text, brace), strings - 1);
      }
      brace = text.indexOf('{', brace + 1);
    }
    return Optional.empty();
  }

  private static int nextInk(String text, int from) {
    int at = from;
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at;
  }

  /** An object that was written as a string once more: its quotes have backslashes. */
  private static String unescaped(String text, int brace) {
    String quoted = "\"" + text.substring(brace);
    return LenientJson.string(quoted, 0)
        .orElseGet(() -> LenientJson.string(quoted + "\"", 0).orElse(""));
  }

  /** The first list in the text, read tolerantly. */
  static Optional<List<@Nullable Object>> findList(String text) {
    int bracket = text.indexOf('[');
    return bracket < 0 ? Optional.empty() : LenientJson.list(text, bracket);
  }

  /** A deep, unmodifiable copy that keeps the order of members. */
  static Map<String, @Nullable Object> copyOf(Map<?, ?> map) {
    Map<String, @Nullable Object> copy = new LinkedHashMap<>();
    map.forEach((key, value) -> copy.put(String.valueOf(key), copyOf(value)));
    return Collections.unmodifiableMap(copy);
  }

  private static @Nullable Object copyOf(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      return copyOf(map);
    }
    if (value instanceof List<?> list) {
      List<@Nullable Object> copy = new ArrayList<>(list.size());
      list.forEach(item -> copy.add(copyOf(item)));
      return Collections.unmodifiableList(copy);
    }
    return value;
  }
}
