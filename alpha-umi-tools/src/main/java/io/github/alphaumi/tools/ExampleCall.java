package io.github.alphaumi.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/** Makes arguments that fit a schema, to show a model what a call looks like. */
final class ExampleCall {
  private final JsonNode root;
  private final ArgumentCheck check;

  ExampleCall(JsonNode root, ArgumentCheck check) {
    this.root = root;
    this.check = check;
  }

  /** The required arguments: what the call gave where that is right, else a sample. */
  ObjectNode arguments(ObjectNode given) {
    ObjectNode samples = members(root);
    ObjectNode example = samples.deepCopy();
    for (String name : List.copyOf(samples.properties().stream().map(Map.Entry::getKey).toList())) {
      if (given.has(name)) {
        example.set(name, given.get(name));
        if (!check.problems(example).isEmpty()) {
          example.set(name, samples.get(name));
        }
      }
    }
    return example;
  }

  private ObjectNode members(JsonNode schema) {
    ObjectNode object = ToolJson.ARGUMENTS.createObjectNode();
    for (JsonNode name : schema.path("required")) {
      object.set(
          name.asText(), sample(schema.at("/properties").path(name.asText()), name.asText()));
    }
    return object;
  }

  private JsonNode sample(JsonNode declared, String name) {
    JsonNode plain = SchemaShapes.resolved(root, declared);
    JsonNode schema =
        plain.has("anyOf") ? SchemaShapes.resolved(root, plain.get("anyOf").path(0)) : plain;
    JsonNodeFactory nodes = ToolJson.ARGUMENTS.getNodeFactory();
    return switch (schema.path("type").asText()) {
      case "integer" -> nodes.numberNode(1);
      case "number" -> nodes.numberNode(1.5);
      case "boolean" -> nodes.booleanNode(true);
      case "array" ->
          schema.path("items").has("$ref")
              ? nodes.arrayNode()
              : nodes.arrayNode().add(sample(schema.path("items"), name));
      case "object" -> members(schema);
      default -> nodes.textNode(text(schema, name));
    };
  }

  private static String text(JsonNode schema, String name) {
    if (schema.has("enum")) {
      return schema.get("enum").path(0).asText();
    }
    return TextFormat.named(schema.path("format").asText())
        .map(TextFormat::example)
        .orElse(schema.path("maxLength").asInt() == 1 ? "A" : "<" + name + ">");
  }
}
