package io.github.alphaumi.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Schemas of an OpenAPI document as JSON Schemas of what a caller writes: without what is only for
 * readers, with references to {@code $defs}. One instance serves one operation.
 */
final class OpenApiSchemas {
  private static final String COMPONENTS = "#/components/schemas/";
  private static final List<String> KEPT =
      List.of(
          "type",
          "format",
          "description",
          "enum",
          "const",
          "minimum",
          "maximum",
          "multipleOf",
          "minLength",
          "maxLength",
          "pattern",
          "minItems",
          "maxItems",
          "uniqueItems",
          "default");

  private final JsonNode api;
  private final ObjectNode definitions = ToolJson.ARGUMENTS.createObjectNode();

  OpenApiSchemas(JsonNode api) {
    this.api = api;
  }

  /** Definitions that the schemas made so far refer to. */
  ObjectNode definitions() {
    return definitions;
  }

  ObjectNode schema(JsonNode source) {
    ObjectNode schema = ToolJson.ARGUMENTS.createObjectNode();
    if (source.has("$ref")) {
      return reference(source.get("$ref").asText(), schema);
    }
    for (String keyword : KEPT) {
      if (source.has(keyword)) {
        schema.set(keyword, source.get(keyword));
      }
    }
    type(source, schema);
    limits(source, schema);
    if (source.has("items")) {
      schema.set("items", schema(source.get("items")));
    }
    members(source, schema);
    for (String union : new String[] {"oneOf", "anyOf"}) {
      if (source.has(union)) {
        // One that fits is enough: what fits two alternatives is for the server to tell apart.
        ArrayNode alternatives = schema.putArray("anyOf");
        source.get(union).forEach(alternative -> alternatives.add(schema(alternative)));
      }
    }
    for (JsonNode part : source.path("allOf")) {
      merge(schema, schema(OpenApiDocument.resolved(api, part)));
    }
    return schema;
  }

  private ObjectNode reference(String reference, ObjectNode schema) {
    if (!reference.startsWith(COMPONENTS)) {
      return schema;
    }
    String name = reference.substring(COMPONENTS.length());
    if (!definitions.has(name)) {
      definitions.putObject(name);
      definitions.set(name, schema(api.at(reference.substring(1))));
    }
    return schema.put("$ref", "#/$defs/" + name);
  }

  /** Null counts as left out, so a type that may be null is written without it. */
  private static void type(JsonNode source, ObjectNode schema) {
    JsonNode types = source.path("types").isArray() ? source.get("types") : source.path("type");
    if (types.isArray()) {
      schema.remove("type");
      for (JsonNode type : types) {
        if (!type.asText().equals("null") && !schema.has("type")) {
          schema.set("type", type);
        }
      }
    }
  }

  /** Version 3.0 has exclusive limits as a flag beside the limit. */
  private static void limits(JsonNode source, ObjectNode schema) {
    limit(source, schema, "exclusiveMinimum", "minimum");
    limit(source, schema, "exclusiveMaximum", "maximum");
  }

  private static void limit(JsonNode source, ObjectNode schema, String exclusive, String plain) {
    JsonNode value = source.path(exclusive);
    if (value.isNumber()) {
      schema.set(exclusive, value);
    } else if (value.asBoolean() && schema.has(plain)) {
      schema.set(exclusive, schema.remove(plain));
    }
  }

  private void members(JsonNode source, ObjectNode schema) {
    if (source.has("properties")) {
      schema.put("type", "object");
      ObjectNode properties = schema.putObject("properties");
      ArrayNode required = schema.putArray("required");
      for (var member : source.get("properties").properties()) {
        if (!OpenApiDocument.resolved(api, member.getValue()).path("readOnly").asBoolean()) {
          properties.set(member.getKey(), schema(member.getValue()));
        }
      }
      for (JsonNode name : source.path("required")) {
        if (properties.has(name.asText())) {
          required.add(name);
        }
      }
    }
    JsonNode others = source.path("additionalProperties");
    if (others.isBoolean()) {
      schema.set("additionalProperties", others);
    } else if (others.isObject()) {
      schema.set("additionalProperties", schema(others));
    }
  }

  private static void merge(ObjectNode schema, ObjectNode part) {
    for (var entry : part.properties()) {
      JsonNode present = schema.get(entry.getKey());
      if (present instanceof ObjectNode object && entry.getValue() instanceof ObjectNode more) {
        object.setAll(more);
      } else if (present instanceof ArrayNode array && entry.getValue() instanceof ArrayNode more) {
        array.addAll(more);
      } else if (present == null) {
        schema.set(entry.getKey(), entry.getValue());
      }
    }
  }
}
