package io.github.alphaumi.lab;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Members of a record of JSON: those that must be there, or a reason that names the key. */
final class Fields {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private Fields() {}

  static Map<String, @Nullable Object> parse(byte[] json) throws BadRecordException {
    try {
      return asObject(MAPPER.readValue(json, Object.class), "the record");
    } catch (JsonProcessingException e) {
      throw new BadRecordException("no JSON: " + e.getOriginalMessage());
    } catch (IOException | NumberFormatException e) {
      throw new BadRecordException("no JSON: " + e.getMessage());
    }
  }

  /** The value of a text that is JSON as Python's strict reader takes it. */
  static @Nullable Object value(String json) throws BadRecordException {
    try {
      return MAPPER.readValue(json, Object.class);
    } catch (JsonProcessingException e) {
      throw new BadRecordException("no JSON: " + e.getOriginalMessage());
    } catch (NumberFormatException e) {
      throw new BadRecordException("no JSON: " + e.getMessage());
    }
  }

  static String text(Map<String, @Nullable Object> record, String key) throws BadRecordException {
    if (record.get(key) instanceof String text) {
      return text;
    }
    throw wrong(record, key, "text");
  }

  static String text(Map<String, @Nullable Object> record, String key, String otherwise) {
    return record.get(key) instanceof String text ? text : otherwise;
  }

  static Map<String, @Nullable Object> object(Map<String, @Nullable Object> record, String key)
      throws BadRecordException {
    if (record.get(key) instanceof Map<?, ?>) {
      return asObject(record.get(key), key);
    }
    throw wrong(record, key, "an object");
  }

  static List<@Nullable Object> list(Map<String, @Nullable Object> record, String key)
      throws BadRecordException {
    if (record.get(key) instanceof List<?> list) {
      return new ArrayList<>(list);
    }
    throw wrong(record, key, "a list");
  }

  /** A list whose members are all objects. */
  static List<Map<String, @Nullable Object>> objects(
      Map<String, @Nullable Object> record, String key) throws BadRecordException {
    List<Map<String, @Nullable Object>> objects = new ArrayList<>();
    for (Object member : list(record, key)) {
      objects.add(asObject(member, key + "[" + objects.size() + "]"));
    }
    return objects;
  }

  @SuppressWarnings("unchecked") // JSON objects have text as keys.
  static Map<String, @Nullable Object> asObject(@Nullable Object value, String name)
      throws BadRecordException {
    if (value instanceof Map<?, ?> map) {
      return (Map<String, @Nullable Object>) map;
    }
    throw new BadRecordException(name + " is not an object");
  }

  private static BadRecordException wrong(
      Map<String, @Nullable Object> record, String key, String kind) {
    return new BadRecordException(
        record.containsKey(key)
            ? "'" + key + "' is not " + kind
            : "'" + key + "' is missing; there are " + record.keySet());
  }
}
