package io.github.alphaumi.onnx;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Schemas as values: what constrains, where references lead, and two that hold at once. */
final class SchemaMerge {
  private static final int CHAIN = 100;

  private static final Set<String> ANNOTATIONS =
      Set.of(
          "title",
          "description",
          "default",
          "examples",
          "example",
          "format",
          "deprecated",
          "readOnly",
          "writeOnly",
          "$schema",
          "$id",
          "$comment",
          "$defs",
          "definitions",
          "$anchor",
          "contentEncoding",
          "contentMediaType");

  private static final Set<String> UNSUPPORTED =
      Set.of(
          "not",
          "if",
          "then",
          "else",
          "patternProperties",
          "propertyNames",
          "dependentRequired",
          "dependentSchemas",
          "dependencies",
          "contains",
          "prefixItems",
          "additionalItems",
          "uniqueItems",
          "multipleOf",
          "minProperties",
          "maxProperties",
          "unevaluatedProperties",
          "unevaluatedItems",
          "$dynamicRef",
          "$recursiveRef",
          "nullable");

  private SchemaMerge() {}

  /** A copy of an object schema without the keywords that only describe. */
  static ObjectNode constraints(JsonNode schema) {
    ObjectNode copy = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> keyword : schema.properties()) {
      if (!ANNOTATIONS.contains(keyword.getKey())) {
        copy.set(keyword.getKey(), keyword.getValue());
      }
    }
    return copy;
  }

  static void refuseUnsupported(JsonNode schema) {
    for (Map.Entry<String, JsonNode> keyword : schema.properties()) {
      JsonNode value = keyword.getValue();
      boolean off =
          value.isBoolean() && !value.asBoolean() || value.isNumber() && value.asInt() == 0;
      if (UNSUPPORTED.contains(keyword.getKey()) && !off) {
        throw new IllegalArgumentException(
            "schema keyword '" + keyword.getKey() + "' is not supported: " + schema);
      }
    }
    if (schema.path("items").isArray()) {
      throw new IllegalArgumentException("an array of schemas as 'items' is not supported");
    }
  }

  /** The schema at {@code #} or {@code #/a/path} of the document. */
  static JsonNode resolve(JsonNode root, String pointer) {
    if (pointer.equals("#")) {
      return root;
    }
    if (!pointer.startsWith("#/")) {
      throw new IllegalArgumentException("$ref '" + pointer + "' does not lead into this schema");
    }
    String path =
        URLDecoder.decode(pointer.substring(1).replace("+", "%2B"), StandardCharsets.UTF_8);
    JsonNode target = root.at(JsonPointer.compile(path));
    if (target.isMissingNode()) {
      throw new IllegalArgumentException("$ref '" + pointer + "' leads nowhere");
    }
    return target;
  }

  /** The schema that a chain of plain references ends in. */
  static JsonNode inline(JsonNode root, JsonNode schema) {
    JsonNode result = schema;
    for (int i = 0; result.has("$ref"); i++) {
      ObjectNode others = constraints(result);
      String pointer = others.remove("$ref").asText();
      if (i == CHAIN) {
        throw new IllegalArgumentException("$ref '" + pointer + "' leads round in a circle");
      }
      JsonNode target = resolve(root, pointer);
      result = others.isEmpty() ? target : merge(target, others);
    }
    return result;
  }

  /** A schema of what conforms to both. */
  static JsonNode merge(JsonNode a, JsonNode b) {
    if (a.isBoolean() || b.isBoolean()) {
      boolean neutral = a.isBoolean() && a.asBoolean();
      return neutral || b.isBoolean() && !b.asBoolean() ? b : a;
    }
    ObjectNode result = constraints(a);
    closedAgainst(a, b);
    closedAgainst(b, a);
    for (Map.Entry<String, JsonNode> keyword : constraints(b).properties()) {
      String key = keyword.getKey();
      JsonNode mine = result.get(key);
      result.set(key, mine == null ? keyword.getValue() : both(key, mine, keyword.getValue()));
    }
    return result;
  }

  private static void closedAgainst(JsonNode closed, JsonNode other) {
    JsonNode additional = closed.path("additionalProperties");
    boolean isClosed =
        !additional.isMissingNode() && !(additional.isBoolean() && additional.asBoolean());
    for (Map.Entry<String, JsonNode> property : other.path("properties").properties()) {
      if (isClosed && !closed.path("properties").has(property.getKey())) {
        throw new IllegalArgumentException(
            "additionalProperties of one schema and property '"
                + property.getKey()
                + "' of another that holds with it are not supported together");
      }
    }
  }

  private static JsonNode both(String key, JsonNode a, JsonNode b) {
    if (a.equals(b)) {
      return a;
    }
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    switch (key) {
      case "required":
        Set<JsonNode> names = new LinkedHashSet<>();
        a.forEach(names::add);
        b.forEach(names::add);
        return nodes.arrayNode().addAll(names);
      case "properties":
        ObjectNode members = nodes.objectNode();
        members.setAll((ObjectNode) a);
        for (Map.Entry<String, JsonNode> property : b.properties()) {
          JsonNode mine = a.get(property.getKey());
          members.set(
              property.getKey(),
              mine == null ? property.getValue() : together(mine, property.getValue()));
        }
        return members;
      case "items", "additionalProperties":
        return together(a, b);
      case "minimum", "exclusiveMinimum", "minLength", "minItems":
        return a.decimalValue().compareTo(b.decimalValue()) > 0 ? a : b;
      case "maximum", "exclusiveMaximum", "maxLength", "maxItems":
        return a.decimalValue().compareTo(b.decimalValue()) < 0 ? a : b;
      default:
        throw new IllegalArgumentException(
            "two schemas that hold together differ in '" + key + "': " + a + " and " + b);
    }
  }

  private static ObjectNode together(JsonNode a, JsonNode b) {
    ObjectNode both = JsonNodeFactory.instance.objectNode();
    ArrayNode parts = both.putArray("allOf");
    parts.add(a).add(b);
    return both;
  }
}
