package io.github.alphaumi.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Arguments as a call has them (plain Java values) and as a tree, both ways. */
final class ArgumentValues {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final int DEEPEST = 100;
  private static final int MOST_DIGITS = 400;

  private ArgumentValues() {}

  /** Empty if values are nested deeper than any tool means. */
  static Optional<ObjectNode> tree(Map<String, @Nullable Object> arguments) {
    return deeperThan(DEEPEST, arguments)
        ? Optional.empty()
        : Optional.of((ObjectNode) node(arguments));
  }

  /** Characters of all names and texts, and one for any other value. */
  static int length(JsonNode node) {
    if (node instanceof ObjectNode object) {
      return object.properties().stream()
          .mapToInt(member -> member.getKey().length() + length(member.getValue()))
          .reduce(1, ArgumentValues::bounded);
    }
    if (node instanceof ArrayNode array) {
      return array
          .valueStream()
          .mapToInt(ArgumentValues::length)
          .reduce(1, ArgumentValues::bounded);
    }
    return node.isTextual() ? node.textValue().length() : 1;
  }

  private static int bounded(int a, int b) {
    return (int) Math.min(Integer.MAX_VALUE, (long) a + b);
  }

  private static boolean deeperThan(int depth, @Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      return depth == 0 || map.values().stream().anyMatch(item -> deeperThan(depth - 1, item));
    }
    return value instanceof List<?> list
        && (depth == 0 || list.stream().anyMatch(item -> deeperThan(depth - 1, item)));
  }

  private static JsonNode node(@Nullable Object value) {
    if (value == null) {
      return NODES.nullNode();
    }
    if (value instanceof Map<?, ?> map) {
      ObjectNode object = NODES.objectNode();
      map.forEach((key, item) -> object.set(String.valueOf(key), node(item)));
      return object;
    }
    if (value instanceof List<?> list) {
      ArrayNode array = NODES.arrayNode(list.size());
      list.forEach(item -> array.add(node(item)));
      return array;
    }
    if (value instanceof Boolean flag) {
      return NODES.booleanNode(flag);
    }
    return value instanceof Number number ? number(number) : NODES.textNode(value.toString());
  }

  private static JsonNode number(Number value) {
    try {
      return number(new BigDecimal(value.toString()));
    } catch (NumberFormatException e) {
      return NODES.textNode(value.toString());
    }
  }

  /** A number whose digits would fill the memory stays the text that it was written as. */
  static JsonNode number(BigDecimal value) {
    if (Math.abs((long) value.precision() - value.scale()) > MOST_DIGITS
        || value.precision() > MOST_DIGITS
        || Math.abs((long) value.scale()) > MOST_DIGITS) {
      return NODES.textNode(value.toString());
    }
    if (value.scale() == 0) {
      BigInteger whole = value.unscaledValue();
      return whole.bitLength() < Integer.SIZE
          ? NODES.numberNode(whole.intValue())
          : whole.bitLength() < Long.SIZE
              ? NODES.numberNode(whole.longValue())
              : NODES.numberNode(whole);
    }
    return NODES.numberNode(value);
  }

  /** The arguments as plain Java values. */
  static Map<String, @Nullable Object> values(ObjectNode tree) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    tree.properties().forEach(member -> values.put(member.getKey(), value(member.getValue())));
    return Collections.unmodifiableMap(values);
  }

  private static @Nullable Object value(JsonNode node) {
    if (node instanceof ObjectNode object) {
      return values(object);
    }
    if (node instanceof ArrayNode array) {
      return array.valueStream().map(ArgumentValues::value).toList();
    }
    if (node.isNumber()) {
      return node.numberValue();
    }
    return node.isBoolean() ? (Object) node.booleanValue() : node.textValue();
  }
}
