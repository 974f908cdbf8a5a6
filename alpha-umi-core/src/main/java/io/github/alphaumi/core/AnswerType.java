package io.github.alphaumi.core;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.langchain4j.model.chat.request.json.JsonArraySchema;
import dev.langchain4j.model.chat.request.json.JsonEnumSchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import dev.langchain4j.model.chat.request.json.JsonStringSchema;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A Java type as the form of an answer: its schema for models that can be held to one, an example
 * for those that have to be told, and a reader for what any of them wrote. What is not an object is
 * asked for as the only member of one, which is the form that servers demand.
 */
final class AnswerType<T> {
  private static final String ONLY_MEMBER = "value";

  /** With the modules on the class path: dates and Optional where those of Jackson are there. */
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .findAndAddModules()
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          .build();

  private final JavaType type;
  private final JsonSchemaElement element;
  private final JsonObjectSchema schema;

  /**
   * @throws IllegalArgumentException if the type cannot be asked for
   */
  AnswerType(Type type) {
    this.type = MAPPER.constructType(type);
    element = AnswerSchema.of(this.type, MAPPER);
    schema =
        element instanceof JsonObjectSchema object
            ? object
            : JsonObjectSchema.builder()
                .addProperty(ONLY_MEMBER, element)
                .required(ONLY_MEMBER)
                .additionalProperties(false)
                .build();
  }

  /**
   * What an answer was read as.
   *
   * @param problem what is wrong with it, in words that a model can act on
   */
  record Reading<T>(Optional<T> value, String problem) {}

  JsonObjectSchema schema() {
    return schema;
  }

  String example() {
    return PythonJson.write(ExampleValues.of(schema));
  }

  Reading<T> read(String answer) {
    Optional<Object> found = find(answer.strip());
    if (found.isEmpty()) {
      return new Reading<>(Optional.empty(), "there is no JSON object in it");
    }
    Optional<String> missing = missing(element, found.get(), "");
    if (missing.isPresent()) {
      return new Reading<>(Optional.empty(), missing.get());
    }
    try {
      T value = MAPPER.convertValue(found.get(), type);
      return value == null
          ? new Reading<>(Optional.empty(), "it is null")
          : new Reading<>(Optional.of(value), "");
    } catch (IllegalArgumentException e) {
      return new Reading<>(Optional.empty(), problem(e));
    }
  }

  private Optional<Object> find(String text) {
    Optional<Map<String, @Nullable Object>> object = JsonValues.findObject(text);
    if (element instanceof JsonObjectSchema) {
      return object.map(found -> found);
    }
    if (object.isPresent() && object.get().containsKey(ONLY_MEMBER)) {
      return Optional.ofNullable(object.get().get(ONLY_MEMBER));
    }
    if (element instanceof JsonArraySchema) {
      return JsonValues.findList(text).map(found -> found);
    }
    return JsonValues.parse(text).or(() -> bare(text));
  }

  /** A word or a text without quotes is one of its kind. */
  private Optional<Object> bare(String text) {
    String word = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    if (element instanceof JsonEnumSchema choice) {
      return choice.enumValues().stream()
          .filter(word::equalsIgnoreCase)
          .<Object>map(value -> value)
          .findFirst();
    }
    return element instanceof JsonStringSchema && !text.isEmpty()
        ? Optional.of(text)
        : JsonValues.parse(word);
  }

  /** Jackson leaves out what is missing without a word. */
  private static Optional<String> missing(
      JsonSchemaElement schema, @Nullable Object value, String path) {
    if (schema instanceof JsonObjectSchema object && value instanceof Map<?, ?> members) {
      for (Map.Entry<String, JsonSchemaElement> member : object.properties().entrySet()) {
        String inner = path + (path.isEmpty() ? "" : ".") + member.getKey();
        boolean required = object.required().contains(member.getKey());
        if (required && members.get(member.getKey()) == null) {
          return Optional.of("the member " + inner + " is missing");
        }
        Optional<String> deeper = missing(member.getValue(), members.get(member.getKey()), inner);
        if (deeper.isPresent()) {
          return deeper;
        }
      }
    }
    if (schema instanceof JsonArraySchema array && value instanceof List<?> items) {
      for (int i = 0; i < items.size(); i++) {
        Optional<String> deeper = missing(array.items(), items.get(i), path + "[" + i + "]");
        if (deeper.isPresent()) {
          return deeper;
        }
      }
    }
    return Optional.empty();
  }

  private static String problem(IllegalArgumentException e) {
    if (!(e.getCause() instanceof JsonProcessingException cause)) {
      return String.valueOf(e.getMessage());
    }
    String where =
        cause instanceof JsonMappingException mapping
            ? mapping.getPath().stream()
                .map(
                    place ->
                        place.getFieldName() == null
                            ? "[" + place.getIndex() + "]"
                            : place.getFieldName())
                .collect(Collectors.joining("."))
            : "";
    return (where.isEmpty() ? "" : where + ": ") + cause.getOriginalMessage();
  }

  @Override
  public String toString() {
    return type.toCanonical();
  }
}
