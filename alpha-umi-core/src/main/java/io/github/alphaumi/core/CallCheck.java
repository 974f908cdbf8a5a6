package io.github.alphaumi.core;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.json.JsonArraySchema;
import dev.langchain4j.model.chat.request.json.JsonBooleanSchema;
import dev.langchain4j.model.chat.request.json.JsonEnumSchema;
import dev.langchain4j.model.chat.request.json.JsonIntegerSchema;
import dev.langchain4j.model.chat.request.json.JsonNumberSchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import dev.langchain4j.model.chat.request.json.JsonStringSchema;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a call can be meant for one of the tools: its name, the arguments it needs, and values
 * that no toolbox could convert. The toolbox checks everything; this decides who writes the call.
 */
final class CallCheck {
  private CallCheck() {}

  /** What is wrong with all that was written, the first of it; empty if something can be meant. */
  static Optional<String> problem(Caller.Turn turn, List<ToolSpecification> tools) {
    List<Optional<String>> problems =
        turn.calls().stream().map(call -> problemOfOne(call, tools)).toList();
    return problems.stream().anyMatch(Optional::isEmpty) ? Optional.empty() : problems.get(0);
  }

  private static Optional<String> problemOfOne(Caller.Turn turn, List<ToolSpecification> tools) {
    if (turn instanceof Caller.Unreadable bad) {
      return Optional.of(bad.problem());
    }
    ToolCall call = (ToolCall) turn;
    Optional<ToolSpecification> tool =
        tools.stream().filter(t -> t.name().equals(call.name())).findFirst();
    if (tool.isEmpty()) {
      return Optional.of(
          ModelMessages.unknownTool(
              call.name(), tools.stream().map(ToolSpecification::name).toList()));
    }
    JsonObjectSchema parameters = tool.get().parameters();
    return parameters == null ? Optional.empty() : problem(call, parameters);
  }

  private static Optional<String> problem(ToolCall call, JsonObjectSchema parameters) {
    List<String> required = parameters.required() == null ? List.of() : parameters.required();
    for (String name : required) {
      if (call.arguments().get(name) == null) {
        return Optional.of(ModelMessages.missingArgument(call.name(), name));
      }
    }
    return parameters.properties().entrySet().stream()
        .filter(argument -> call.arguments().get(argument.getKey()) != null)
        .flatMap(
            argument ->
                needed(argument.getValue(), call.arguments().get(argument.getKey())).stream()
                    .map(type -> ModelMessages.wrongType(call.name(), argument.getKey(), type)))
        .findFirst();
  }

  /** What the value ought to be, if it is something else. */
  private static Optional<String> needed(JsonSchemaElement schema, @Nullable Object value) {
    if (schema instanceof JsonEnumSchema choice) {
      return choice.enumValues().stream().anyMatch(String.valueOf(value)::equalsIgnoreCase)
          ? Optional.empty()
          : Optional.of("one of " + String.join(", ", choice.enumValues()));
    }
    boolean structure = value instanceof Map<?, ?> || value instanceof List<?>;
    if (schema instanceof JsonObjectSchema) {
      return value instanceof Map<?, ?> ? Optional.empty() : Optional.of("an object");
    }
    if (schema instanceof JsonBooleanSchema && structure) {
      return Optional.of("true or false");
    }
    return schema instanceof JsonArraySchema || !structure || !isScalar(schema)
        ? Optional.empty()
        : Optional.of("a single value");
  }

  private static boolean isScalar(JsonSchemaElement schema) {
    return schema instanceof JsonStringSchema
        || schema instanceof JsonIntegerSchema
        || schema instanceof JsonNumberSchema;
  }
}
