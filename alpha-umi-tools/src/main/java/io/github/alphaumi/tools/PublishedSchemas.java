package io.github.alphaumi.tools;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.model.chat.request.json.JsonAnyOfSchema;
import dev.langchain4j.model.chat.request.json.JsonArraySchema;
import dev.langchain4j.model.chat.request.json.JsonBooleanSchema;
import dev.langchain4j.model.chat.request.json.JsonEnumSchema;
import dev.langchain4j.model.chat.request.json.JsonIntegerSchema;
import dev.langchain4j.model.chat.request.json.JsonNumberSchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonReferenceSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import dev.langchain4j.model.chat.request.json.JsonStringSchema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a model is shown of a schema: the same as langchain4j shows for the same method, so that a
 * tool reads alike wherever it is used. There are three differences on purpose: values of {@code
 * java.time} are text with a format, because small models do not fill in {@code {"year", "month",
 * "day"}}; the values of a map have their type; and recursive types are named as the class is.
 */
final class PublishedSchemas {
  private static final String UUID_DESCRIPTION = "String in a UUID format";

  private PublishedSchemas() {}

  /** Parameters of a tool; null if it has none, as langchain4j has it. */
  static @Nullable JsonObjectSchema parameters(JsonNode schema) {
    if (schema.path("properties").isEmpty()) {
      return null;
    }
    JsonObjectSchema.Builder parameters = members(schema);
    if (schema.has("$defs")) {
      parameters.definitions(elements(schema.get("$defs")));
    }
    return parameters.build();
  }

  private static JsonSchemaElement element(JsonNode schema) {
    String description = schema.path("description").textValue();
    if (schema.has("$ref")) {
      String reference = schema.get("$ref").textValue();
      return JsonReferenceSchema.builder()
          .reference(reference.substring(reference.lastIndexOf('/') + 1))
          .build();
    }
    if (isOfKinds(schema)) {
      List<JsonSchemaElement> kinds = new ArrayList<>();
      schema.get("anyOf").forEach(kind -> kinds.add(element(kind)));
      return JsonAnyOfSchema.builder().anyOf(kinds).description(description).build();
    }
    if (isForeign(schema)) {
      return JsonRawSchema.from(MapValues.withoutLimits(schema).toString());
    }
    if (schema.has("enum")) {
      return JsonEnumSchema.builder()
          .enumValues(texts(schema.get("enum")))
          .description(description)
          .build();
    }
    return switch (schema.path("type").asText()) {
      case "integer" -> JsonIntegerSchema.builder().description(description).build();
      case "number" -> JsonNumberSchema.builder().description(description).build();
      case "boolean" -> JsonBooleanSchema.builder().description(description).build();
      case "array" ->
          JsonArraySchema.builder()
              .items(element(schema.get("items")))
              .description(description)
              .build();
      case "object" -> object(schema, description);
      default -> text(schema, description);
    };
  }

  /** Whether it is one of several kinds of object. */
  private static boolean isOfKinds(JsonNode schema) {
    return schema.has("anyOf")
        && schema.get("anyOf").valueStream().allMatch(kind -> kind.path("properties").isObject());
  }

  /** What is in documents of services, is never made of a Java type, and has no class there. */
  private static boolean isForeign(JsonNode schema) {
    boolean otherChoices = schema.path("enum").valueStream().anyMatch(value -> !value.isTextual());
    boolean ofAnything = schema.path("type").asText().equals("array") && !schema.has("items");
    return otherChoices || ofAnything || schema.has("anyOf") || schema.has("const");
  }

  private static JsonSchemaElement text(JsonNode schema, @Nullable String description) {
    String format = schema.path("format").textValue();
    if (format == null) {
      return JsonStringSchema.builder().description(description).build();
    }
    if (format.equals(TextFormat.UUID_TEXT.schemaName())) {
      return JsonStringSchema.builder()
          .description(description == null ? UUID_DESCRIPTION : description)
          .build();
    }
    return JsonRawSchema.from(schema.toString());
  }

  private static JsonSchemaElement object(JsonNode schema, @Nullable String description) {
    if (schema.has("properties")) {
      return members(schema).description(description).build();
    }
    JsonNode values = schema.path("additionalProperties");
    if (!values.isObject()) {
      return JsonObjectSchema.builder().description(description).required(List.of()).build();
    }
    return JsonRawSchema.from(MapValues.withoutLimits(schema).toString());
  }

  private static JsonObjectSchema.Builder members(JsonNode schema) {
    return JsonObjectSchema.builder()
        .addProperties(elements(schema.get("properties")))
        .required(texts(schema.path("required")));
  }

  private static Map<String, JsonSchemaElement> elements(JsonNode schemas) {
    Map<String, JsonSchemaElement> elements = new LinkedHashMap<>();
    schemas
        .properties()
        .forEach(member -> elements.put(member.getKey(), element(member.getValue())));
    return elements;
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.textValue()));
    return texts;
  }

  /** Schemas that langchain4j has no class for and that go out as they are. */
  private static final class MapValues {
    private static final List<String> LIMITS =
        List.of("minimum", "maximum", "minLength", "maxLength");

    static JsonNode withoutLimits(JsonNode schema) {
      JsonNode copy = schema.deepCopy();
      strip(copy);
      return copy;
    }

    private static void strip(JsonNode schema) {
      if (schema instanceof com.fasterxml.jackson.databind.node.ObjectNode object) {
        // A member of that name inside "properties" is a schema, never a number.
        LIMITS.stream().filter(limit -> object.path(limit).isNumber()).forEach(object::remove);
        if (object.path("additionalProperties").isBoolean()) {
          object.remove("additionalProperties");
        }
      }
      schema.forEach(MapValues::strip);
    }
  }
}
