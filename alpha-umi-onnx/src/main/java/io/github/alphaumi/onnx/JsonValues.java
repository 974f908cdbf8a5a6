package io.github.alphaumi.onnx;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The values of one schema that has no references and no alternatives (any more). */
final class JsonValues {
  private static final List<String> OBJECT =
      List.of("properties", "required", "additionalProperties");
  private static final List<String> ARRAY = List.of("items", "minItems", "maxItems");
  private static final List<String> STRING = List.of("minLength", "maxLength", "pattern");
  private static final List<String> NUMBER =
      List.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum");
  private static final List<List<String>> LIMITS = List.of(OBJECT, ARRAY, STRING, NUMBER);
  private static final BigDecimal SMALLEST_STEP = new BigDecimal("1e-12");

  private final JsonText text;
  private final Arena arena;
  private final Function<JsonNode, Expression> nested;

  JsonValues(JsonText text, Function<JsonNode, Expression> nested) {
    this.text = text;
    this.arena = text.arena;
    this.nested = nested;
  }

  Expression of(ObjectNode schema, Supplier<Expression> additional) {
    SchemaMerge.refuseUnsupported(schema);
    Set<String> types = types(schema);
    if (schema.has("const") || schema.has("enum")) {
      return constants(schema, types);
    }
    if (types.isEmpty()) {
      return nested.apply(JsonSchema.anything());
    }
    List<Expression> parts = new ArrayList<>();
    for (String type : types) {
      parts.add(
          switch (type) {
            case "object" -> object(schema, additional);
            case "array" -> array(schema);
            case "string" -> string(schema);
            case "integer" -> number(schema, true);
            case "number" -> number(schema, false);
            case "boolean" -> arena.alt(arena.literal("true"), arena.literal("false"));
            case "null" -> arena.literal("null");
            default ->
                throw new IllegalArgumentException("type '" + type + "' is not a type of JSON");
          });
    }
    return arena.alt(parts);
  }

  private static Set<String> types(ObjectNode schema) {
    Set<String> types = new LinkedHashSet<>();
    JsonNode type = schema.get("type");
    if (type == null) {
      Map<String, List<String>> hints =
          Map.of("object", OBJECT, "array", ARRAY, "string", STRING, "number", NUMBER);
      hints.forEach(
          (name, keys) -> {
            if (keys.stream().anyMatch(schema::has)) {
              types.add(name);
            }
          });
      return types;
    }
    if (type.isTextual()) {
      types.add(type.asText());
    }
    type.forEach(one -> types.add(one.asText()));
    return types;
  }

  private Expression constants(ObjectNode schema, Set<String> types) {
    for (Map.Entry<String, JsonNode> keyword : schema.properties()) {
      String key = keyword.getKey();
      if (LIMITS.stream().anyMatch(limits -> limits.contains(key))) {
        throw new IllegalArgumentException("enum or const beside '" + key + "' is not supported");
      }
    }
    Set<JsonNode> allowed = new LinkedHashSet<>();
    if (schema.has("enum")) {
      schema.get("enum").forEach(allowed::add);
    } else {
      allowed.add(schema.get("const"));
    }
    if (schema.has("enum") && schema.has("const")) {
      allowed.retainAll(Set.of(schema.get("const")));
    }
    Map<String, Expression> words = new HashMap<>();
    List<Expression> parts = new ArrayList<>();
    for (JsonNode value : allowed) {
      if (types.isEmpty() || types.stream().anyMatch(type -> is(value, type))) {
        if (value.isTextual()) {
          words.put(value.textValue(), text.quote);
        } else {
          parts.add(text.constant(value));
        }
      }
    }
    boolean anyEscape = text.style.blanks() == JsonStyle.Blanks.FREE;
    parts.add(arena.seq(text.quote, text.words(words, anyEscape)));
    return arena.alt(parts);
  }

  private static boolean is(JsonNode value, String type) {
    return switch (type) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isTextual();
      case "integer" -> value.isIntegralNumber();
      case "number" -> value.isNumber();
      case "boolean" -> value.isBoolean();
      default -> value.isNull();
    };
  }

  private Expression object(ObjectNode schema, Supplier<Expression> additional) {
    Expression other = additional.get();
    Set<String> required = new LinkedHashSet<>();
    schema.path("required").forEach(name -> required.add(name.asText()));
    List<Members.Property> members = new ArrayList<>();
    Map<String, Expression> all = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      all.put(property.getKey(), nested.apply(property.getValue()));
    }
    Expression fallback =
        schema.has("additionalProperties") ? other : nested.apply(JsonSchema.anything());
    required.forEach(name -> all.putIfAbsent(name, fallback));
    for (Map.Entry<String, Expression> member : all.entrySet()) {
      boolean needed = required.contains(member.getKey());
      if (needed && member.getValue().isDead()) {
        return arena.empty;
      }
      if (!member.getValue().isDead() || !other.isDead()) {
        members.add(new Members.Property(member.getKey(), member.getValue(), needed));
      }
    }
    return Members.Shape.of(text, members, other).object();
  }

  private Expression array(ObjectNode schema) {
    JsonNode items = schema.path("items");
    Expression item = nested.apply(items.isMissingNode() ? JsonSchema.anything() : items);
    int min = count(schema, "minItems", 0);
    int max = count(schema, "maxItems", Repeat.UNBOUNDED);
    return max != Repeat.UNBOUNDED && max < min ? arena.empty : array(item, min, max);
  }

  /** An array of {@code min} to {@code max} items. */
  Expression array(Expression item, int min, int max) {
    int most = max == Repeat.UNBOUNDED ? max : max - 1;
    Expression more =
        arena.repeat(arena.seq(text.blank, text.comma, item), Math.max(0, min - 1), most);
    Expression some = max == 0 ? arena.empty : arena.seq(item, more, text.blank);
    Expression content = min == 0 ? arena.optional(some) : some;
    return arena.seq(arena.literal("["), text.blank, content, arena.literal("]"));
  }

  private Expression string(ObjectNode schema) {
    int min = count(schema, "minLength", 0);
    int max = count(schema, "maxLength", Repeat.UNBOUNDED);
    JsonNode pattern = schema.get("pattern");
    if (pattern != null) {
      if (min > 0 || max != Repeat.UNBOUNDED) {
        throw new IllegalArgumentException(
            "pattern '"
                + pattern.asText()
                + "' beside minLength or maxLength is not supported;"
                + " write the length as a bound in the pattern");
      }
      Expression content = new RegexParser(arena, pattern.asText(), text::encode).parse();
      return text.string(content);
    }
    if (max != Repeat.UNBOUNDED && max < min) {
      return arena.empty;
    }
    return text.string(arena.repeat(text.character, min, max));
  }

  private static int count(ObjectNode schema, String key, int otherwise) {
    JsonNode value = schema.get(key);
    if (value == null) {
      return otherwise;
    }
    BigDecimal count = decimal(key, value);
    if (count.signum() < 0) {
      throw new IllegalArgumentException(key + " is not a count but " + value);
    }
    return count.min(BigDecimal.valueOf(Expression.INFINITE)).intValue();
  }

  private Expression number(ObjectNode schema, boolean integer) {
    BigDecimal low = bound(schema, "minimum", "exclusiveMinimum", 1);
    BigDecimal high = bound(schema, "maximum", "exclusiveMaximum", -1);
    if (low == null && high == null) {
      return integer ? text.integer() : text.number();
    }
    NumberRange range = new NumberRange(text);
    return integer ? range.integers(low, high) : range.decimals(low, high);
  }

  /** An exclusive bound is the next number of a grid that is fine enough for any argument. */
  private static @Nullable BigDecimal bound(
      ObjectNode schema, String inclusive, String exclusive, int direction) {
    JsonNode within = schema.get(inclusive);
    JsonNode beyond = schema.get(exclusive);
    BigDecimal result = within == null ? null : decimal(inclusive, within);
    if (beyond != null) {
      BigDecimal limit = decimal(exclusive, beyond);
      BigDecimal step = SMALLEST_STEP.min(limit.ulp());
      BigDecimal next = limit.add(step.multiply(BigDecimal.valueOf(direction)));
      boolean tighter = result == null || next.compareTo(result) * direction > 0;
      result = tighter ? next : result;
    }
    return result;
  }

  private static BigDecimal decimal(String key, JsonNode value) {
    if (!value.isNumber() || Double.isInfinite(value.doubleValue())) {
      throw new IllegalArgumentException(key + " is not a finite number but " + value);
    }
    return value.decimalValue();
  }
}
