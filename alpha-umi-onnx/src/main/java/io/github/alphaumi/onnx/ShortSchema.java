package io.github.alphaumi.onnx;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** A JSON schema as a prompt can afford it: the shape of a value, types in the places of values. */
final class ShortSchema {
  private ShortSchema() {}

  static String write(JsonNode schema) {
    JsonNode choices = schema.path("enum");
    if (choices.isArray()) {
      List<String> texts = new ArrayList<>();
      choices.forEach(choice -> texts.add(choice.toString()));
      return String.join(" or ", texts);
    }
    if (schema.path("anyOf").isArray()) {
      List<String> kinds = new ArrayList<>();
      schema.get("anyOf").forEach(kind -> kinds.add(write(kind)));
      return String.join(" or ", kinds);
    }
    String type = schema.path("type").asText();
    if (type.equals("object") || schema.has("properties")) {
      return object(schema);
    }
    if (type.equals("array")) {
      return "[" + write(schema.path("items")) + "]";
    }
    String name = type.isEmpty() ? "value" : type;
    String description = schema.path("description").asText("");
    return description.isBlank() ? name : name + " (" + description.strip() + ")";
  }

  private static String object(JsonNode schema) {
    List<String> members = new ArrayList<>();
    schema
        .path("properties")
        .properties()
        .forEach(member -> members.add('"' + member.getKey() + "\": " + write(member.getValue())));
    return "{" + String.join(", ", members) + "}";
  }
}
