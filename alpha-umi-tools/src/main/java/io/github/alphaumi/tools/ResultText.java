package io.github.alphaumi.tools;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Writes what a tool returned as the model reads it: always one JSON object. An object is written
 * as it is, a list as {@code {"results": [...]}}, anything else as {@code {"result": ...}}, and
 * nothing as {@code {"result": "done"}}. Text that is a JSON object or list counts as such.
 *
 * <p>What is too long is shortened inside the object, which says so in its first member: a list
 * loses items from its end, other results become the beginning of their text.
 */
final class ResultText {
  private ResultText() {}

  /**
   * What is written of a value.
   *
   * @throws IllegalArgumentException if the value is of a kind that cannot be written
   */
  static ObjectNode object(@Nullable Object value) {
    ObjectNode object = ToolJson.RESULTS.createObjectNode();
    JsonNode node =
        value instanceof CharSequence text
            ? text(text.toString())
            : ToolJson.RESULTS.valueToTree(value);
    if (node instanceof ObjectNode complete) {
      return complete;
    }
    return object.set(node.isArray() ? "results" : "result", node);
  }

  private static JsonNode text(String text) {
    String start = text.stripLeading();
    if (start.startsWith("{") || start.startsWith("[")) {
      try {
        return ToolJson.EXACT.readTree(text);
      } catch (JsonProcessingException e) {
        // Text that only looks like JSON is text.
      }
    }
    return ToolJson.RESULTS.getNodeFactory().textNode(text);
  }

  /** The object's text, or one that is at most so long and says what is missing. */
  static String limited(ObjectNode object, int limit) {
    String text = ToolJson.write(object);
    if (text.length() <= limit) {
      return text;
    }
    if (object.size() == 1 && object.get("results") instanceof ArrayNode items) {
      int shown = longest(items.size(), limit, count -> fewer(items, count));
      if (shown > 0) {
        return ToolJson.write(fewer(items, shown));
      }
    }
    String whole =
        object.size() == 1 && object.path("result").isTextual()
            ? object.get("result").textValue()
            : text;
    int shown = longest(whole.length(), limit, count -> beginning(whole, count));
    return ToolJson.write(beginning(whole, shown));
  }

  private static ObjectNode fewer(ArrayNode items, int count) {
    ObjectNode object = ToolJson.RESULTS.createObjectNode();
    object.put("notice", ToolTexts.fewerItems(items.size(), count));
    ArrayNode results = object.putArray("results");
    for (int i = 0; i < count; i++) {
      results.add(items.get(i));
    }
    return object;
  }

  private static ObjectNode beginning(String text, int count) {
    int end = count > 0 && Character.isHighSurrogate(text.charAt(count - 1)) ? count - 1 : count;
    return ToolJson.RESULTS
        .createObjectNode()
        .put("notice", ToolTexts.shortened(text.length(), end))
        .put("result", text.substring(0, end));
  }

  /** By bisection, because what an escape costs is not known before. */
  private static int longest(int most, int limit, IntFunction<ObjectNode> made) {
    int fits = 0;
    int tooLong = Math.min(most, limit) + 1;
    while (tooLong - fits > 1) {
      int middle = (fits + tooLong) >>> 1;
      if (ToolJson.write(made.apply(middle)).length() <= limit) {
        fits = middle;
      } else {
        tooLong = middle;
      }
    }
    return fits;
  }
}
