package io.github.alphaumi.tools;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.model.output.structured.Description;
import java.lang.invoke.MethodType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * JSON Schemas of Java types, as Jackson reads them: what a call is checked against. They say more
 * than what a model is shown ({@link PublishedSchemas}), such as the range of an {@code int}. One
 * instance serves the parameters of one tool, which share the definitions of recursive types.
 */
final class TypeSchemas {
  private static final Map<Class<?>, long[]> RANGES =
      Map.of(
          Byte.class, new long[] {Byte.MIN_VALUE, Byte.MAX_VALUE},
          Short.class, new long[] {Short.MIN_VALUE, Short.MAX_VALUE},
          Integer.class, new long[] {Integer.MIN_VALUE, Integer.MAX_VALUE},
          Long.class, new long[] {Long.MIN_VALUE, Long.MAX_VALUE});

  private final Map<JavaType, String> names = new LinkedHashMap<>();
  private final Set<JavaType> open = new LinkedHashSet<>();
  private final ObjectNode definitions = ToolJson.ARGUMENTS.createObjectNode();

  /** Definitions that the schemas written so far refer to. */
  ObjectNode definitions() {
    return definitions;
  }

  /**
   * @param description what a value is for; null for what the type itself says
   */
  ObjectNode schema(JavaType type, @Nullable String description) throws UnsupportedTypeException {
    ObjectNode schema = undescribed(unwrapped(type));
    Description own = unwrapped(type).getRawClass().getAnnotation(Description.class);
    if (description != null && !description.isBlank()) {
      schema.put("description", description);
    } else if (own != null && !schema.has("$ref")) {
      schema.put("description", String.join(" ", own.value()));
    }
    return schema;
  }

  /** The schema of a whole call whose arguments are the members of a type. */
  static ObjectNode ofArguments(JavaType type) throws UnsupportedTypeException {
    TypeSchemas types = new TypeSchemas();
    ObjectNode schema = types.schema(type, null);
    if (!schema.path("properties").isObject()) {
      throw new UnsupportedTypeException("arguments have names; take a record of them");
    }
    schema.remove("description");
    if (!types.definitions().isEmpty()) {
      schema.set("$defs", types.definitions());
    }
    return schema;
  }

  /** Whether a value may be missing because of its type. */
  static boolean isOptional(JavaType type) {
    Class<?> raw = type.getRawClass();
    return type.hasRawClass(Optional.class)
        || raw == OptionalInt.class
        || raw == OptionalLong.class
        || raw == OptionalDouble.class;
  }

  private static JavaType unwrapped(JavaType type) {
    if (type.hasRawClass(Optional.class)) {
      return type.containedTypeOrUnknown(0);
    }
    if (isOptional(type)) {
      Class<?> raw = type.getRawClass();
      return ToolJson.ARGUMENTS.constructType(
          raw == OptionalInt.class
              ? Integer.class
              : raw == OptionalLong.class ? Long.class : Double.class);
    }
    return type;
  }

  private ObjectNode undescribed(JavaType type) throws UnsupportedTypeException {
    ObjectNode scalar = scalar(boxed(type.getRawClass()));
    if (scalar != null) {
      return scalar;
    }
    if (type.isEnumType()) {
      return EnumSchemas.schema(type);
    }
    if (type.hasRawClass(byte[].class) || type.hasRawClass(Byte[].class)) {
      throw new UnsupportedTypeException("models do not write binary data; take a String");
    }
    if (type.isArrayType() || type.isCollectionLikeType()) {
      return list(type);
    }
    if (type.isMapLikeType()) {
      return map(type);
    }
    return Subtypes.isBase(type.getRawClass()) ? choice(type) : object(type);
  }

  private static Class<?> boxed(Class<?> type) {
    return MethodType.methodType(type).wrap().returnType();
  }

  private static @Nullable ObjectNode scalar(Class<?> type) {
    long[] range = RANGES.get(type);
    if (range != null) {
      return of("integer").put("minimum", range[0]).put("maximum", range[1]);
    }
    if (type == BigInteger.class) {
      return of("integer");
    }
    if (type == Float.class) {
      BigDecimal largest = new BigDecimal(Float.toString(Float.MAX_VALUE));
      return of("number").put("minimum", largest.negate()).put("maximum", largest);
    }
    if (type == Double.class || type == BigDecimal.class || type == Number.class) {
      return of("number").put("minimum", -Double.MAX_VALUE).put("maximum", Double.MAX_VALUE);
    }
    if (type == Boolean.class) {
      return of("boolean");
    }
    if (type == Character.class) {
      return of("string").put("minLength", 1).put("maxLength", 1);
    }
    if (type == String.class || type == CharSequence.class) {
      return of("string");
    }
    return TextFormat.of(type)
        .map(format -> of("string").put("format", format.schemaName()))
        .orElse(null);
  }

  private static ObjectNode of(String type) {
    return ToolJson.ARGUMENTS.createObjectNode().put("type", type);
  }

  private ObjectNode list(JavaType type) throws UnsupportedTypeException {
    if (type.getContentType().isJavaLangObject()) {
      throw new UnsupportedTypeException(
          "it does not say what it is a list of; use List<String>, List<Item> or the like");
    }
    ObjectNode schema = of("array");
    schema.set("items", schema(type.getContentType(), null));
    return schema;
  }

  private ObjectNode map(JavaType type) throws UnsupportedTypeException {
    ObjectNode schema = of("object");
    JavaType key = type.getKeyType();
    if (key.isEnumType()) {
      schema.set("propertyNames", EnumSchemas.schema(key));
    } else if (!key.hasRawClass(String.class) && !key.isJavaLangObject()) {
      throw new UnsupportedTypeException("keys of a map have to be String or an enum");
    }
    if (!type.getContentType().isJavaLangObject()) {
      schema.set("additionalProperties", schema(type.getContentType(), null));
    }
    return schema;
  }

  private ObjectNode object(JavaType type) throws UnsupportedTypeException {
    return described(type, () -> members(type, of("object")));
  }

  /** One of several kinds of object, each with a member that names it. */
  private ObjectNode choice(JavaType base) throws UnsupportedTypeException {
    Subtypes subtypes = Subtypes.of(base.getRawClass());
    return described(
        base,
        () -> {
          ObjectNode schema = ToolJson.ARGUMENTS.createObjectNode();
          ArrayNode kinds = schema.putArray("anyOf");
          for (Map.Entry<String, Class<?>> kind : subtypes.kinds().entrySet()) {
            kinds.add(kind(base, subtypes.member(), kind));
          }
          // A kind without a description is known by its name, as langchain4j has it.
          return schema.put("description", base.getRawClass().getSimpleName());
        });
  }

  private ObjectNode kind(JavaType base, String member, Map.Entry<String, Class<?>> kind)
      throws UnsupportedTypeException {
    JavaType type =
        ToolJson.ARGUMENTS.getTypeFactory().constructSpecializedType(base, kind.getValue());
    Description own = kind.getValue().getAnnotation(Description.class);
    ObjectNode schema =
        of("object")
            .put(
                "description",
                own == null ? kind.getValue().getSimpleName() : String.join(" ", own.value()));
    ObjectNode named = of("string");
    named.putArray("enum").add(kind.getKey());
    schema.putObject("properties").set(member, named);
    schema.putArray("required").add(member);
    boolean taken =
        BeanProperties.of(type).stream().anyMatch(property -> property.name().equals(member));
    if (taken && !Subtypes.mayHaveMember(base.getRawClass())) {
      throw new UnsupportedTypeException(
          String.format(
              "%s has a member '%s', which names the kind; rename it, or choose another name with"
                  + " @JsonTypeInfo(property = …) on %s",
              kind.getValue().getName(), member, base.getRawClass().getName()));
    }
    return members(type, schema);
  }

  /** What is being described, by a reference if it is met again. */
  private ObjectNode described(JavaType type, Describing describing)
      throws UnsupportedTypeException {
    String name = names.computeIfAbsent(type, this::newName);
    if (!open.add(type)) {
      definitions.putIfAbsent(name, of("object"));
      return ToolJson.ARGUMENTS.createObjectNode().put("$ref", "#/$defs/" + name);
    }
    ObjectNode schema = describing.describe();
    open.remove(type);
    if (definitions.has(name)) {
      definitions.set(name, schema.deepCopy());
    }
    return schema;
  }

  @FunctionalInterface
  private interface Describing {
    ObjectNode describe() throws UnsupportedTypeException;
  }

  private ObjectNode members(JavaType type, ObjectNode schema) throws UnsupportedTypeException {
    ObjectNode properties = schema.withObject("properties");
    for (BeanProperties.Property property : BeanProperties.of(type)) {
      if (properties.has(property.name())) {
        continue;
      }
      ObjectNode described = schema(property.type(), property.description());
      properties.set(property.name(), described);
      // A member of a type that is still being described must be able to end somewhere: in another
      // kind, or by not being there.
      boolean ends =
          !described.has("$ref") || Subtypes.isBase(unwrapped(property.type()).getRawClass());
      if (property.required() && ends) {
        schema.withArray("required").add(property.name());
      }
    }
    return schema.put("additionalProperties", false);
  }

  private String newName(JavaType type) {
    String name = type.getRawClass().getSimpleName();
    return names.containsValue(name) ? name + (names.size() + 1) : name;
  }
}
