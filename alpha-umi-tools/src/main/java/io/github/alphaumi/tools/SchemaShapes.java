package io.github.alphaumi.tools;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** What a value of a schema may look like, references and choices followed. */
final class SchemaShapes {
  /** Choices within choices that are followed; a recursive one never ends. */
  private static final int DEEPEST = 8;

  private SchemaShapes() {}

  static JsonNode resolved(JsonNode root, JsonNode schema) {
    String reference = schema.path("$ref").asText();
    return reference.startsWith("#/") ? root.at(reference.substring(1)) : schema;
  }

  /** The schema itself, or each of those that it is one of. */
  static List<JsonNode> variants(JsonNode root, JsonNode schema) {
    List<JsonNode> variants = new ArrayList<>();
    collect(root, schema, variants, DEEPEST);
    return variants;
  }

  private static void collect(JsonNode root, JsonNode schema, List<JsonNode> variants, int depth) {
    JsonNode plain = resolved(root, schema);
    JsonNode choices = plain.has("anyOf") ? plain.get("anyOf") : plain.path("oneOf");
    if (choices.isArray() && depth > 0) {
      choices.forEach(choice -> collect(root, choice, variants, depth - 1));
    } else if (!plain.isMissingNode()) {
      variants.add(plain);
    }
  }

  /** Whether it is an object whose members have any names. */
  static boolean isMap(JsonNode schema) {
    boolean closed =
        schema.path("additionalProperties").isBoolean()
            && !schema.get("additionalProperties").booleanValue();
    boolean object = schema.path("type").asText().equals("object") || schema.isEmpty();
    return object && !schema.has("properties") && !closed;
  }

  /** Whether it is a map that does not say what its values are. */
  static boolean isFree(JsonNode schema) {
    return isMap(schema) && !schema.path("additionalProperties").isObject();
  }
}
