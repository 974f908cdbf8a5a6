package io.github.alphaumi.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Writes a text, number or boolean in the form that a schema asks for, if that is the same value.
 * What cannot be converted without loss is returned as it is, for the check to refuse.
 */
final class ScalarCoercion {
  private static final Pattern NUMBER = Pattern.compile("[+-]?\\d{1,400}(\\.\\d{1,400})?");

  private ScalarCoercion() {}

  static JsonNode coerce(JsonNode value, JsonNode schema) {
    return switch (schema.path("type").asText()) {
      case "integer" -> whole(number(value));
      case "number" -> number(value);
      case "boolean" -> flag(value);
      case "string" -> text(value, schema);
      default -> value;
    };
  }

  private static JsonNode number(JsonNode value) {
    if (!value.isTextual()) {
      return value;
    }
    String text = value.textValue().strip();
    return NUMBER.matcher(text).matches() ? ArgumentValues.number(new BigDecimal(text)) : value;
  }

  private static JsonNode whole(JsonNode value) {
    if (!value.isNumber() || value.isIntegralNumber()) {
      return value;
    }
    BigDecimal number = value.decimalValue();
    try {
      return ArgumentValues.number(number.setScale(0));
    } catch (ArithmeticException e) {
      return value;
    }
  }

  private static JsonNode flag(JsonNode value) {
    String text = value.isTextual() ? value.textValue().strip() : "";
    if (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")) {
      return BooleanNode.valueOf(text.equalsIgnoreCase("true"));
    }
    return value;
  }

  private static JsonNode text(JsonNode value, JsonNode schema) {
    if (value.isNumber()) {
      return text(TextNode.valueOf(value.decimalValue().toPlainString()), schema);
    }
    if (value.isBoolean()) {
      return text(TextNode.valueOf(value.asText()), schema);
    }
    if (!value.isTextual()) {
      return value;
    }
    if (schema.has("enum")) {
      return choice(value, schema.get("enum"));
    }
    return TextFormat.named(schema.path("format").asText())
        .flatMap(format -> format.canonical(value.textValue()))
        .<JsonNode>map(TextNode::valueOf)
        .orElse(value);
  }

  private static JsonNode choice(JsonNode value, JsonNode choices) {
    List<JsonNode> alike = new ArrayList<>();
    for (JsonNode choice : choices) {
      if (choice.equals(value)) {
        return value;
      }
      if (NearNames.plain(choice.asText()).equals(NearNames.plain(value.textValue()))) {
        alike.add(choice);
      }
    }
    return alike.size() == 1 ? alike.get(0) : value;
  }
}
