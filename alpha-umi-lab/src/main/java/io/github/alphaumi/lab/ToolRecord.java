package io.github.alphaumi.lab;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.json.JsonArraySchema;
import dev.langchain4j.model.chat.request.json.JsonBooleanSchema;
import dev.langchain4j.model.chat.request.json.JsonIntegerSchema;
import dev.langchain4j.model.chat.request.json.JsonNumberSchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import dev.langchain4j.model.chat.request.json.JsonStringSchema;
import io.github.alphaumi.core.PythonJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A tool as the data sets describe it: {@code {"Name", "function", "input": {argument: "type,
 * description"}}}. Ours add {@code "required"}, which the published form has lost; those of an
 * agent's own runs have the whole {@code "specification"}, so that what is learnt of them is what
 * live runs are given to read.
 */
final class ToolRecord {
  static final String NAME = "Name";
  static final String FUNCTION = "function";
  static final String INPUT = "input";
  static final String REQUIRED = "required";
  static final String SPECIFICATION = "specification";

  private static final String PARAMETERS = "parameters";
  private static final String PROPERTIES = "properties";
  private static final int NAME_LENGTH = 64;
  private static final int DESCRIPTION_LENGTH = 256;

  private ToolRecord() {}

  /** The record of a function as chat models are offered it. */
  static Map<String, Object> of(Map<String, @Nullable Object> function, boolean published)
      throws BadRecordException {
    Map<String, @Nullable Object> parameters = Fields.object(function, PARAMETERS);
    Map<String, Object> input = new LinkedHashMap<>();
    for (Map.Entry<String, @Nullable Object> property :
        Fields.object(parameters, PROPERTIES).entrySet()) {
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

  /** The record of a tool as an agent's models were offered it. */
  static Map<String, Object> of(ToolSpecification specification) throws BadRecordException {
    Map<String, @Nullable Object> function =
        Fields.parse(specification.toJson().getBytes(StandardCharsets.UTF_8));
    Map<String, @Nullable Object> parameters =
        function.containsKey(PARAMETERS) ? Fields.object(function, PARAMETERS) : Map.of();
    Map<String, Object> input = new LinkedHashMap<>();
    if (parameters.containsKey(PROPERTIES)) {
      for (Map.Entry<String, @Nullable Object> property :
          Fields.object(parameters, PROPERTIES).entrySet()) {
        Map<String, @Nullable Object> schema =
            Fields.asObject(property.getValue(), property.getKey());
        input.put(
            property.getKey(),
            Fields.text(schema, "type", "object")
                + ", "
                + PythonText.tail(Fields.text(schema, "description", ""), DESCRIPTION_LENGTH));
      }
    }
    Map<String, Object> tool = new LinkedHashMap<>();
    tool.put(NAME, PythonText.tail(specification.name(), NAME_LENGTH));
    tool.put(
        FUNCTION, PythonText.head(Fields.text(function, "description", ""), DESCRIPTION_LENGTH));
    tool.put(INPUT, input);
    tool.put(REQUIRED, parameters.get(REQUIRED) instanceof List<?> names ? names : List.of());
    tool.put(SPECIFICATION, function);
    return tool;
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
    if (tool.containsKey(SPECIFICATION)) {
      return whole(Fields.object(tool, SPECIFICATION));
    }
    JsonObjectSchema.Builder parameters = JsonObjectSchema.builder();
    Map<String, @Nullable Object> input = Fields.object(tool, INPUT);
    for (Map.Entry<String, @Nullable Object> argument : input.entrySet()) {
      parameters.addProperty(
          argument.getKey(), Argument.of(Fields.text(input, argument.getKey())).schema());
    }
    return ToolSpecification.builder()
        .name(Fields.text(tool, NAME))
        .description(Fields.text(tool, FUNCTION))
        .parameters(parameters.required(required(tool, input)).build())
        .build();
  }

  private static ToolSpecification whole(Map<String, @Nullable Object> function)
      throws BadRecordException {
    try {
      return ToolSpecification.fromJson(PythonJson.write(function));
    } catch (RuntimeException e) {
      throw new BadRecordException("'" + SPECIFICATION + "' is none: " + e.getMessage());
    }
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
    if (tool.get(SPECIFICATION) instanceof Map<?, ?> whole
        && whole.get(PARAMETERS) instanceof Map<?, ?> parameters) {
      Map<String, Object> schema = new LinkedHashMap<>();
      parameters.forEach((name, value) -> schema.put(String.valueOf(name), value));
      return schema;
    }
    Map<String, Object> properties = new LinkedHashMap<>();
    Map<String, @Nullable Object> input = Fields.object(tool, INPUT);
    for (String argument : input.keySet()) {
      Argument read = Argument.of(Fields.text(input, argument));
      Map<String, Object> property = read.json();
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

  /** {@code "type, description"}; lists of a type are {@code array[type]}. */
  private record Argument(String type, String description) {
    private static final Pattern LIST = Pattern.compile("array\\[(\\w+)]");

    static Argument of(String text) {
      String type = PythonText.beforeFirst(text, ", ");
      return new Argument(
          type, type.length() == text.length() ? "" : text.substring(type.length() + 2));
    }

    /** What a list is of. */
    private Optional<Argument> item() {
      Matcher list = LIST.matcher(type);
      return list.matches() ? Optional.of(new Argument(list.group(1), "")) : Optional.empty();
    }

    JsonSchemaElement schema() {
      if (item().isPresent()) {
        return JsonArraySchema.builder()
            .description(description)
            .items(item().get().schema())
            .build();
      }
      return switch (type) {
        case "integer" -> JsonIntegerSchema.builder().description(description).build();
        case "number" -> JsonNumberSchema.builder().description(description).build();
        case "boolean" -> JsonBooleanSchema.builder().description(description).build();
        case "object" ->
            JsonObjectSchema.builder().description(description).additionalProperties(true).build();
        default -> JsonStringSchema.builder().description(description).build();
      };
    }

    /** The same as JSON, without the description. */
    Map<String, Object> json() {
      Map<String, Object> json = new LinkedHashMap<>();
      if (item().isPresent()) {
        json.put("type", "array");
        json.put("items", item().get().json());
      } else {
        json.put(
            "type",
            List.of("integer", "number", "boolean", "object").contains(type) ? type : "string");
      }
      return json;
    }
  }
}
