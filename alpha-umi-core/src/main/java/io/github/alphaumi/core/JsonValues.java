package io.github.alphaumi.core;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
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

  /** Reads what models write when they mean JSON, and stops after the first value. */
  private static final ObjectReader TOLERANT =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
          .enable(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
          .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
          .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
          .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
          .build()
          .readerFor(Object.class);

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

  /** The object that begins at the first brace of the text, read tolerantly. */
  static Optional<Map<String, @Nullable Object>> findObject(String text) {
    int brace = text.indexOf('{');
    if (brace < 0) {
      return Optional.empty();
    }
    try {
      Object value = TOLERANT.readValue(text.substring(brace));
      return value instanceof Map<?, ?> map ? Optional.of(copyOf(map)) : Optional.empty();
    } catch (JsonProcessingException | NumberFormatException e) {
      return Optional.empty();
    }
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
