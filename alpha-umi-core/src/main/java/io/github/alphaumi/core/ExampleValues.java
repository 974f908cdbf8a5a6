package io.github.alphaumi.core;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.json.JsonAnyOfSchema;
import dev.langchain4j.model.chat.request.json.JsonArraySchema;
import dev.langchain4j.model.chat.request.json.JsonBooleanSchema;
import dev.langchain4j.model.chat.request.json.JsonEnumSchema;
import dev.langchain4j.model.chat.request.json.JsonIntegerSchema;
import dev.langchain4j.model.chat.request.json.JsonNumberSchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonReferenceSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values that fit a schema, to show models what one looks like. */
final class ExampleValues {
  private static final int DEEPEST = 8;

  private ExampleValues() {}

  /** A valid call: of the tool that is meant where its name is in the text, else of the first. */
  static ToolCall call(List<ToolSpecification> tools, String text) {
    ToolSpecification tool =
        tools.stream().filter(t -> text.contains(t.name())).findFirst().orElse(tools.get(0));
    JsonObjectSchema parameters = tool.parameters();
    return new ToolCall(
        tool.name(), parameters == null ? Map.of() : required(parameters, parameters, 0));
  }

  static @Nullable Object of(JsonObjectSchema root) {
    return of(root, root, 0);
  }

  private static @Nullable Object of(JsonSchemaElement schema, JsonObjectSchema root, int depth) {
    if (depth > DEEPEST) {
      return null;
    }
    if (schema instanceof JsonObjectSchema object) {
      Map<String, @Nullable Object> members = new LinkedHashMap<>();
      object.properties().forEach((name, type) -> members.put(name, of(type, root, depth + 1)));
      return members;
    }
    if (schema instanceof JsonReferenceSchema reference) {
      JsonSchemaElement target = root.definitions().get(reference.reference());
      return target instanceof JsonObjectSchema object ? required(object, root, depth + 1) : null;
    }
    if (schema instanceof JsonArraySchema array) {
      return array.items() == null ? List.of() : listOf(of(array.items(), root, depth + 1));
    }
    if (schema instanceof JsonAnyOfSchema any) {
      return of(any.anyOf().get(0), root, depth + 1);
    }
    return scalar(schema);
  }

  private static List<Object> listOf(@Nullable Object item) {
    return item == null ? List.of() : List.of(item);
  }

  private static Map<String, @Nullable Object> required(
      JsonObjectSchema object, JsonObjectSchema root, int depth) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    object
        .properties()
        .forEach(
            (name, type) -> {
              if (object.required() != null && object.required().contains(name)) {
                members.put(name, of(type, root, depth + 1));
              }
            });
    return members;
  }

  private static Object scalar(JsonSchemaElement schema) {
    if (schema instanceof JsonEnumSchema choice) {
      return choice.enumValues().get(0);
    }
    if (schema instanceof JsonIntegerSchema) {
      return 1;
    }
    if (schema instanceof JsonNumberSchema) {
      return 1.5;
    }
    return schema instanceof JsonBooleanSchema ? (Object) true : "…";
  }
}
