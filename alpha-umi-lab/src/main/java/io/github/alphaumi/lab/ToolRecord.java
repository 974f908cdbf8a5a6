package io.github.alphaumi.lab;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.json.JsonBooleanSchema;
import dev.langchain4j.model.chat.request.json.JsonEnumSchema;
import dev.langchain4j.model.chat.request.json.JsonIntegerSchema;
import dev.langchain4j.model.chat.request.json.JsonNumberSchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import dev.langchain4j.model.chat.request.json.JsonStringSchema;
import io.github.alphaumi.core.PythonJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A tool as the data sets describe it: {@code {"Name", "function", "input": {argument: "type,
 * description"}}}. Ours add {@code "required"}, which the published form has lost.
 */
final class ToolRecord {
  static final String NAME = "Name";
  static final String FUNCTION = "function";
  static final String INPUT = "input";
  static final String REQUIRED = "required";

  private static final String DATE = "date";

  private static final int NAME_LENGTH = 64;
  private static final int DESCRIPTION_LENGTH = 256;

  private ToolRecord() {}

  /** The record of a function as chat models are offered it. */
  static Map<String, Object> of(Map<String, @Nullable Object> function, boolean published)
      throws BadRecordException {
    Map<String, @Nullable Object> parameters = Fields.object(function, "parameters");
    Map<String, Object> input = new LinkedHashMap<>();
    for (Map.Entry<String, @Nullable Object> property :
        Fields.object(parameters, "properties").entrySet()) {
      Map<String, @Nullable Object> schema =
          Fields.asObject(property.getValue(), property.getKey());
      String type = Fields.text(schema, "type");
      input.put(
          property.getKey(),
          schema.get("description") instanceof String description
              ? type + ", " + PythonText.tail(description, DESCRIPTION_LENGTH)
              : type);
    }
    Map<String, Object> tool = new LinkedHashMap<>();
    tool.put(NAME, PythonText.tail(Fields.text(function, "name"), NAME_LENGTH));
    tool.put(
        FUNCTION, PythonText.head(Fields.text(function, "description", ""), DESCRIPTION_LENGTH));
    tool.put(INPUT, input);
    if (!published && parameters.get(REQUIRED) instanceof List<?> required) {
      tool.put(REQUIRED, required);
    }
    return tool;
  }

  /**
   * The record of a tool as chat models are told of it. Dates and choices keep their type ({@code
   * "date, …"}, {@code "low|high, …"}), so that every prompt format describes them alike.
   */
  static Map<String, @Nullable Object> of(ToolSpecification specification) {
    JsonObjectSchema parameters = specification.parameters();
    Map<String, Object> input = new LinkedHashMap<>();
    parameters
        .properties()
        .forEach((name, schema) -> input.put(name, type(schema) + ", " + description(schema)));
    Map<String, @Nullable Object> tool = new LinkedHashMap<>();
    tool.put(NAME, specification.name());
    tool.put(FUNCTION, specification.description());
    tool.put(INPUT, input);
    tool.put(REQUIRED, parameters.required());
    return tool;
  }

  private static String type(JsonSchemaElement schema) {
    if (schema instanceof JsonEnumSchema choice) {
      return String.join("|", choice.enumValues());
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
    return schema instanceof JsonRawSchema ? DATE : "string";
  }

  private static String description(JsonSchemaElement schema) {
    if (schema instanceof JsonRawSchema raw) {
      return PythonValue.parse(raw.schema())
          .map(PythonValue::value)
          .filter(Map.class::isInstance)
          .map(members -> String.valueOf(((Map<?, ?>) members).get("description")))
          .orElse("");
    }
    return schema.description() == null ? "" : schema.description();
  }

  static List<String> names(List<Map<String, @Nullable Object>> tools) throws BadRecordException {
    List<String> names = new ArrayList<>();
    for (Map<String, @Nullable Object> tool : tools) {
      names.add(Fields.text(tool, NAME));
    }
    return names;
  }

  /** As prompts describe tools. */
  static ToolSpecification specification(Map<String, @Nullable Object> tool)
      throws BadRecordException {
    JsonObjectSchema.Builder parameters = JsonObjectSchema.builder();
    Map<String, @Nullable Object> input = Fields.object(tool, INPUT);
    for (Map.Entry<String, @Nullable Object> argument : input.entrySet()) {
      parameters.addProperty(argument.getKey(), schema(Fields.text(input, argument.getKey())));
    }
    return ToolSpecification.builder()
        .name(Fields.text(tool, NAME))
        .description(Fields.text(tool, FUNCTION))
        .parameters(parameters.required(required(tool, input)).build())
        .build();
  }

  static List<ToolSpecification> specifications(List<Map<String, @Nullable Object>> tools)
      throws BadRecordException {
    List<ToolSpecification> specifications = new ArrayList<>();
    for (Map<String, @Nullable Object> tool : tools) {
      specifications.add(specification(tool));
    }
    return specifications;
  }

  /** The arguments as a JSON schema, for chat models and their trainers. */
  static Map<String, Object> jsonSchema(Map<String, @Nullable Object> tool)
      throws BadRecordException {
    Map<String, Object> properties = new LinkedHashMap<>();
    Map<String, @Nullable Object> input = Fields.object(tool, INPUT);
    for (String argument : input.keySet()) {
      Argument read = Argument.of(Fields.text(input, argument));
      Map<String, Object> property = new LinkedHashMap<>();
      property.put(
          "type",
          List.of("integer", "number", "boolean").contains(read.type) ? read.type : "string");
      property.put("description", read.description);
      properties.put(argument, property);
    }
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", "object");
    schema.put("properties", properties);
    schema.put("required", required(tool, input));
    return schema;
  }

  /** Where it is not known what is required, everything is. */
  private static List<String> required(
      Map<String, @Nullable Object> tool, Map<String, @Nullable Object> input) {
    return tool.get(REQUIRED) instanceof List<?> names
        ? names.stream().map(String::valueOf).toList()
        : List.copyOf(input.keySet());
  }

  /** {@code "type, description"}. */
  private record Argument(String type, String description) {

    static Argument of(String text) {
      String type = PythonText.beforeFirst(text, ", ");
      return new Argument(
          type, type.length() == text.length() ? "" : text.substring(type.length() + 2));
    }
  }

  private static JsonSchemaElement schema(String typeAndDescription) {
    Argument argument = Argument.of(typeAndDescription);
    String description = argument.description;
    return switch (argument.type) {
      case "integer" -> JsonIntegerSchema.builder().description(description).build();
      case "number" -> JsonNumberSchema.builder().description(description).build();
      case "boolean" -> JsonBooleanSchema.builder().description(description).build();
      case DATE ->
          JsonRawSchema.from(
              PythonJson.write(
                  Map.of("type", "string", "format", "date", "description", description)));
      default ->
          argument.type.indexOf('|') > 0
              ? JsonEnumSchema.builder()
                  .description(description)
                  .enumValues(argument.type.split("\\|"))
                  .build()
              : JsonStringSchema.builder().description(description).build();
    };
  }
}
