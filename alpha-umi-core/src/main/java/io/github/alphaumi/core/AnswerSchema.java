package io.github.alphaumi.core;

import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.jsonFormatVisitors.JsonArrayFormatVisitor;
import com.fasterxml.jackson.databind.jsonFormatVisitors.JsonBooleanFormatVisitor;
import com.fasterxml.jackson.databind.jsonFormatVisitors.JsonFormatVisitorWrapper;
import com.fasterxml.jackson.databind.jsonFormatVisitors.JsonIntegerFormatVisitor;
import com.fasterxml.jackson.databind.jsonFormatVisitors.JsonMapFormatVisitor;
import com.fasterxml.jackson.databind.jsonFormatVisitors.JsonNumberFormatVisitor;
import com.fasterxml.jackson.databind.jsonFormatVisitors.JsonObjectFormatVisitor;
import com.fasterxml.jackson.databind.jsonFormatVisitors.JsonStringFormatVisitor;
import com.fasterxml.jackson.databind.jsonFormatVisitors.JsonValueFormat;
import dev.langchain4j.model.chat.request.json.JsonArraySchema;
import dev.langchain4j.model.chat.request.json.JsonBooleanSchema;
import dev.langchain4j.model.chat.request.json.JsonEnumSchema;
import dev.langchain4j.model.chat.request.json.JsonIntegerSchema;
import dev.langchain4j.model.chat.request.json.JsonNumberSchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import dev.langchain4j.model.chat.request.json.JsonStringSchema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The JSON schema of a Java type, as the mapper that will read the value sees it. Everything is
 * required but {@code Optional} members.
 */
final class AnswerSchema extends JsonFormatVisitorWrapper.Base {
  private final ObjectMapper mapper;
  private final List<JavaType> open;
  private @Nullable JsonSchemaElement schema;

  private AnswerSchema(ObjectMapper mapper, List<JavaType> open) {
    this.mapper = mapper;
    this.open = open;
  }

  /**
   * @throws IllegalArgumentException if there is no such schema
   */
  static JsonSchemaElement of(JavaType type, ObjectMapper mapper) {
    return of(type, mapper, List.of());
  }

  private static JsonSchemaElement of(JavaType type, ObjectMapper mapper, List<JavaType> open) {
    if (type.isReferenceType()) {
      return of(type.getContentType(), mapper, open);
    }
    if (open.contains(type)) {
      throw unsupported(type, "it contains itself");
    }
    List<JavaType> within = new ArrayList<>(open);
    within.add(type);
    AnswerSchema visitor = new AnswerSchema(mapper, within);
    try {
      mapper.acceptJsonFormatVisitor(type, visitor);
    } catch (JsonMappingException e) {
      throw unsupported(type, String.valueOf(e.getOriginalMessage()));
    }
    if (visitor.schema == null
        || (!type.isMapLikeType()
            && visitor.schema instanceof JsonObjectSchema object
            && object.properties().isEmpty())) {
      throw unsupported(type, "it says nothing of its members");
    }
    return visitor.schema;
  }

  private static IllegalArgumentException unsupported(JavaType type, String why) {
    return new IllegalArgumentException(
        "type "
            + type.toCanonical()
            + ": "
            + why
            + "; use a record, an enum, a list, a map or a simple value");
  }

  private JsonSchemaElement of(JavaType type) {
    return of(type, mapper, open);
  }

  @Override
  public JsonObjectFormatVisitor expectObjectFormat(JavaType type) {
    Map<String, JsonSchemaElement> members = new LinkedHashMap<>();
    List<String> required = new ArrayList<>();
    schema = object(members, required);
    return new JsonObjectFormatVisitor.Base() {
      @Override
      public void property(BeanProperty member) {
        optionalProperty(member);
      }

      @Override
      public void optionalProperty(BeanProperty member) {
        members.put(member.getName(), of(member.getType()));
        if (!member.getType().isReferenceType()) {
          required.add(member.getName());
        }
        schema = object(members, required);
      }
    };
  }

  private static JsonObjectSchema object(
      Map<String, JsonSchemaElement> members, List<String> required) {
    return JsonObjectSchema.builder()
        .addProperties(members)
        .required(required)
        .additionalProperties(false)
        .build();
  }

  @Override
  public JsonMapFormatVisitor expectMapFormat(JavaType type) {
    schema = JsonObjectSchema.builder().additionalProperties(true).build();
    return new JsonMapFormatVisitor.Base();
  }

  @Override
  public JsonArrayFormatVisitor expectArrayFormat(JavaType type) {
    JavaType items = type.getContentType();
    if (items == null) {
      throw unsupported(type, "its items have no type");
    }
    schema = JsonArraySchema.builder().items(of(items)).build();
    return new JsonArrayFormatVisitor.Base();
  }

  @Override
  public JsonStringFormatVisitor expectStringFormat(JavaType type) {
    schema = new JsonStringSchema();
    return new JsonStringFormatVisitor.Base() {
      @Override
      public void enumTypes(Set<String> constants) {
        schema = JsonEnumSchema.builder().enumValues(List.copyOf(constants)).build();
      }

      @Override
      public void format(JsonValueFormat format) {
        schema = JsonStringSchema.builder().description(format.toString()).build();
      }
    };
  }

  @Override
  public JsonNumberFormatVisitor expectNumberFormat(JavaType type) {
    schema = new JsonNumberSchema();
    return new JsonNumberFormatVisitor.Base();
  }

  @Override
  public JsonIntegerFormatVisitor expectIntegerFormat(JavaType type) {
    schema = new JsonIntegerSchema();
    return new JsonIntegerFormatVisitor.Base();
  }

  @Override
  public JsonBooleanFormatVisitor expectBooleanFormat(JavaType type) {
    schema = new JsonBooleanSchema();
    return new JsonBooleanFormatVisitor.Base();
  }
}
