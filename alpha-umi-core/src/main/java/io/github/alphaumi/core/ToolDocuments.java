package io.github.alphaumi.core;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.json.JsonAnyOfSchema;
import dev.langchain4j.model.chat.request.json.JsonArraySchema;
import dev.langchain4j.model.chat.request.json.JsonBooleanSchema;
import dev.langchain4j.model.chat.request.json.JsonEnumSchema;
import dev.langchain4j.model.chat.request.json.JsonIntegerSchema;
import dev.langchain4j.model.chat.request.json.JsonNumberSchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import dev.langchain4j.model.chat.request.json.JsonStringSchema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The ways in which tools are described to a model. */
enum ToolDocuments {
  /**
   * {@code - DESCRIPTION: NAME {"argument": TYPE, "other": TYPE?}}, lines joined by newlines. The
   * description stands before the name because a causal model's name tokens can then carry its
   * meaning: choosing a tool becomes one look at the names.
   */
  @JsonProperty("line")
  LINE {
    @Override
    String describe(List<ToolSpecification> tools) {
      return tools.stream().map(ToolDocuments::line).collect(Collectors.joining("\n"));
    }
  },

  /**
   * One JSON object a line, as in the published data: {@code {"Name", "function", "input"}}, not
   * more than 64 characters of name and 256 of each description.
   */
  @JsonProperty("json")
  JSON {
    @Override
    String describe(List<ToolSpecification> tools) {
      return tools.stream()
          .map(tool -> PythonJson.writeAscii(published(tool)) + "\n")
          .collect(Collectors.joining());
    }
  };

  private static final int NAME_LENGTH = 64;
  private static final int DESCRIPTION_LENGTH = 256;

  abstract String describe(List<ToolSpecification> tools);

  private static Map<String, JsonSchemaElement> properties(ToolSpecification tool) {
    JsonObjectSchema parameters = tool.parameters();
    return parameters == null ? Map.of() : parameters.properties();
  }

  private static String line(ToolSpecification tool) {
    String arguments = tool.parameters() == null ? "{}" : members(tool.parameters());
    return "- " + sentence(tool.description()) + ": " + tool.name() + " " + arguments;
  }

  /** One line without a full stop, so that the colon after it reads well. */
  private static String sentence(@Nullable String description) {
    String line = description == null ? "" : description.strip().replaceAll("\\s+", " ");
    return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
  }

  private static String type(JsonSchemaElement schema) {
    if (schema instanceof JsonEnumSchema choice) {
      return String.join("|", choice.enumValues());
    }
    if (schema instanceof JsonRawSchema raw) {
      return "date".equals(members(raw).get("format")) ? "date" : rawType(raw, "value");
    }
    if (schema instanceof JsonArraySchema array && array.items() != null) {
      return "list of " + type(array.items());
    }
    if (schema instanceof JsonAnyOfSchema any) {
      boolean objects = any.anyOf().stream().anyMatch(JsonObjectSchema.class::isInstance);
      return any.anyOf().stream()
          .map(ToolDocuments::kind)
          .collect(Collectors.joining(objects ? " or " : "|"));
    }
    return baseType(schema);
  }

  /** Of several kinds of object only the members tell which is which. */
  private static String kind(JsonSchemaElement schema) {
    return schema instanceof JsonObjectSchema object && !object.properties().isEmpty()
        ? members(object)
        : type(schema);
  }

  private static String members(JsonObjectSchema object) {
    return object.properties().entrySet().stream()
        .map(
            member ->
                "\""
                    + member.getKey()
                    + "\": "
                    + type(member.getValue())
                    + (object.required() != null && object.required().contains(member.getKey())
                        ? ""
                        : "?"))
        .collect(Collectors.joining(", ", "{", "}"));
  }

  private static String baseType(JsonSchemaElement schema) {
    if (schema instanceof JsonStringSchema || schema instanceof JsonEnumSchema) {
      return "string";
    }
    if (schema instanceof JsonIntegerSchema) {
      return "integer";
    }
    if (schema instanceof JsonNumberSchema) {
      return "number";
    }
    if (schema instanceof JsonBooleanSchema) {
      return "boolean";
    }
    if (schema instanceof JsonRawSchema raw) {
      return rawType(raw, "object");
    }
    return schema instanceof JsonArraySchema ? "array" : "object";
  }

  private static String description(JsonSchemaElement schema) {
    Object description =
        schema instanceof JsonRawSchema raw
            ? members(raw).get("description")
            : schema.description();
    return description == null ? "" : description.toString();
  }

  private static Map<String, @Nullable Object> members(JsonRawSchema raw) {
    return JsonValues.findObject(raw.schema()).orElse(Map.of());
  }

  private static String rawType(JsonRawSchema raw, String otherwise) {
    return members(raw).get("type") instanceof String type ? type : otherwise;
  }

  private static Map<String, Object> published(ToolSpecification tool) {
    Map<String, String> input = new LinkedHashMap<>();
    properties(tool)
        .forEach(
            (name, schema) -> {
              input.put(
                  name, baseType(schema) + ", " + tail(description(schema), DESCRIPTION_LENGTH));
            });
    String description = tool.description() == null ? "" : tool.description();
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("Name", tail(tool.name(), NAME_LENGTH));
    document.put("function", head(description, DESCRIPTION_LENGTH));
    document.put("input", input);
    return document;
  }

  /** Lengths are in characters as Python counts them: a surrogate pair is one, never halved. */
  private static String head(String text, int length) {
    return text.codePointCount(0, text.length()) <= length
        ? text
        : text.substring(0, text.offsetByCodePoints(0, length));
  }

  private static String tail(String text, int length) {
    return text.codePointCount(0, text.length()) <= length
        ? text
        : text.substring(text.offsetByCodePoints(text.length(), -length));
  }
}
