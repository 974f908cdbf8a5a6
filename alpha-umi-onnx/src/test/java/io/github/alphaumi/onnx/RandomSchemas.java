package io.github.alphaumi.onnx;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Random;

/** Schemas of tool arguments, by chance, with recursive definitions among them. */
final class RandomSchemas {
  private static final List<String> NAMES =
      List.of("a", "ab", "abc", "city", "days", "q\"x", "\u00e4", "a b", "", "\\", "n\nl");
  private static final List<String> PATTERNS =
      List.of(
          "^[a-z]{2,4}$",
          "\\d{3}-\\d{4}",
          "(ab|c)+x?",
          "[^a]\\w*",
          "[\"\\\\]{1,3}\\s.",
          "\u4f60?[\u00e0-\u4e00]");
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final Random random;

  RandomSchemas(Random random) {
    this.random = random;
  }

  ObjectNode next() {
    ObjectNode root = object(3);
    ObjectNode node = NODES.objectNode().put("type", "object").put("additionalProperties", false);
    node.putObject("properties").putObject("v").put("type", "integer");
    ObjectNode kids = ((ObjectNode) node.get("properties")).putObject("kids").put("type", "array");
    kids.putObject("items").put("$ref", "#/$defs/node");
    ObjectNode definitions = root.putObject("$defs");
    definitions.set("node", node);
    definitions.set("term", term());
    ObjectNode any = object(2);
    any.remove("required"); // of itself, it would have no value
    definitions.set("any", any);
    return root;
  }

  /** A number, or a sum of terms: every way round leads through the definition again. */
  private static ObjectNode term() {
    ObjectNode sum = NODES.objectNode().put("type", "object").put("additionalProperties", false);
    ObjectNode terms = sum.putObject("properties").putObject("sum").put("type", "array");
    terms.put("minItems", 1).put("maxItems", 3).putObject("items").put("$ref", "#/$defs/term");
    sum.putArray("required").add("sum");
    ObjectNode term = NODES.objectNode();
    term.putArray("oneOf").add(NODES.objectNode().put("type", "integer")).add(sum);
    return term;
  }

  private ObjectNode object(int depth) {
    ObjectNode schema = NODES.objectNode().put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    ArrayNode required = schema.putArray("required");
    for (int i = random.nextInt(5); i > 0; i--) {
      String name = NAMES.get(random.nextInt(NAMES.size()));
      if (!properties.has(name)) {
        properties.set(name, any(depth - 1));
        if (random.nextBoolean()) {
          required.add(name);
        }
      }
    }
    switch (random.nextInt(4)) {
      case 0 -> schema.put("additionalProperties", false);
      case 1 -> schema.set("additionalProperties", any(0));
      case 2 -> schema.put("additionalProperties", true);
      default -> {}
    }
    return schema;
  }

  private ObjectNode any(int depth) {
    ObjectNode schema = NODES.objectNode();
    switch (random.nextInt(depth > 0 ? 17 : 9)) {
      case 0 -> schema.put("type", "string");
      case 1 -> {
        int min = random.nextInt(4);
        schema
            .put("type", "string")
            .put("minLength", min)
            .put("maxLength", min + random.nextInt(60));
      }
      case 2 ->
          schema
              .put("type", "string")
              .put("pattern", PATTERNS.get(random.nextInt(PATTERNS.size())));
      case 3 -> bounds(schema.put("type", "integer"), 1);
      case 4 -> bounds(schema.put("type", "number"), 1000);
      case 5 -> schema.put("type", random.nextBoolean() ? "boolean" : "number");
      case 6 -> schema.putArray("type").add("string").add("null").add("integer");
      case 7 ->
          schema
              .putArray("enum")
              .add("x")
              .add("xy")
              .add("\u00e9\"\n")
              .add(12)
              .add(1)
              .addNull()
              .add(true);
      case 8 -> schema.set("const", NODES.arrayNode().add("k").add(NODES.objectNode().put("a", 1)));
      case 9 -> schema.setAll(object(depth));
      case 10 -> {
        int min = random.nextInt(3);
        schema.put("type", "array").put("minItems", min).put("maxItems", min + random.nextInt(4));
        schema.set("items", any(depth - 1));
      }
      case 11 -> schema.putArray("anyOf").add(any(depth - 1)).add(any(depth - 1));
      case 12 ->
          schema
              .putArray("oneOf")
              .add(object(depth - 1))
              .add(NODES.objectNode().put("type", "string").put("maxLength", 5))
              .add(NODES.objectNode().putNull("const"));
      case 13 -> {
        schema.put("type", "integer").put("minimum", -5);
        schema.putArray("allOf").add(NODES.objectNode().put("maximum", random.nextInt(2000)));
      }
      case 14 -> schema.put("$ref", "#/$defs/term");
      case 15 -> schema.put("$ref", depth == 1 ? "#/$defs/term" : "#/$defs/any");
      default -> schema.put("$ref", "#/$defs/node");
    }
    return schema;
  }

  private void bounds(ObjectNode schema, double scale) {
    double a = (random.nextInt(4001) - 2000) / scale;
    double b = a + random.nextInt(3000) / scale;
    if (random.nextBoolean()) {
      schema.put(random.nextInt(3) == 0 ? "exclusiveMinimum" : "minimum", a);
    }
    if (random.nextBoolean()) {
      schema.put(random.nextInt(3) == 0 ? "exclusiveMaximum" : "maximum", b + 2);
    }
  }
}
