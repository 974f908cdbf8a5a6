package io.github.alphaumi.lab;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Objects of JSON texts that were cut in the middle, as tool results are at 1,024 characters, or
 * have line breaks in strings, as models write them.
 */
final class TruncatedJson {
  private static final JsonMapper TOLERANT =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .build();

  /** An escape that was cut off, at the end of a text. */
  private static final Pattern HALF_ESCAPE = Pattern.compile("\\\\(?:u[0-9a-fA-F]{0,3})?$");

  private static final Pattern CUT = Pattern.compile("\\.\\.\\.$");

  private TruncatedJson() {}

  /** The members that can be read, the last one perhaps only in part; empty if there is none. */
  static Optional<Map<String, @Nullable Object>> object(String text) {
    try {
      return Optional.of(Fields.asObject(Fields.value(text), "the text"));
    } catch (BadRecordException e) {
      Map<String, @Nullable Object> members = members(text);
      return members.isEmpty() ? Optional.empty() : Optional.of(members);
    }
  }

  private static Map<String, @Nullable Object> members(String text) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    try (JsonParser parser = TOLERANT.createParser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return members;
      }
      for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
        parser.nextToken();
        int valueAt = (int) parser.currentTokenLocation().getCharOffset();
        try {
          members.put(key, TOLERANT.readValue(parser, Object.class));
        } catch (IOException e) {
          Optional<String> tail = tail(text.substring(valueAt));
          if (tail.isPresent()) {
            members.put(key, tail.get());
          }
          return members;
        }
      }
    } catch (IOException e) {
      return members;
    }
    return members;
  }

  /** The text of a string whose end is missing. */
  private static Optional<String> tail(String text) {
    if (!text.startsWith("\"")) {
      return Optional.empty();
    }
    String rest = text.substring(1);
    Matcher cut = CUT.matcher(rest);
    boolean marked = cut.find();
    String kept = marked ? rest.substring(0, cut.start()) : rest;
    // "\\\\u12" is an escaped backslash and three letters, no half escape.
    Matcher half = HALF_ESCAPE.matcher(kept);
    if (half.find() && backslashesBefore(kept, half.start()) % 2 == 0) {
      kept = kept.substring(0, half.start());
    }
    try {
      return Optional.of(
          TOLERANT.readValue("\"" + kept + "\"", String.class) + (marked ? "..." : ""));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static int backslashesBefore(String text, int end) {
    int count = 0;
    while (count < end && text.charAt(end - 1 - count) == '\\') {
      count++;
    }
    return count;
  }
}
