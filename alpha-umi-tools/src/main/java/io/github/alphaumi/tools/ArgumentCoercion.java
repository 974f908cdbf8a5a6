package io.github.alphaumi.tools;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Mends arguments without changing what they say: a number written as text, one value where a list
 * is asked for, a name in another case. What it cannot mend it leaves for the check to refuse.
 *
 * <p>An unknown argument is renamed if exactly one declared one is missing that it obviously means.
 * One that is empty or null says nothing and is dropped; any other is refused, because a model that
 * asked for a filter which is silently left out believes a wrong result. A null for a declared
 * argument, and an empty text for an optional one that is not text, count as missing.
 *
 * <p>Used for one call; not thread-safe.
 */
final class ArgumentCoercion {
  private final JsonNode root;
  private final List<String> repairs = new ArrayList<>();

  /**
   * @param root schema of the arguments, which holds the definitions that it refers to
   */
  ArgumentCoercion(JsonNode root) {
    this.root = root;
  }

  /** What was mended, for a log; names of arguments but no values. */
  List<String> repairs() {
    return repairs;
  }

  ObjectNode coerce(ObjectNode arguments) {
    return members(arguments, root, "");
  }

  JsonNode coerce(JsonNode value, JsonNode declared, String path) {
    JsonNode schema = resolved(declared);
    Optional<Choices> choices = Choices.of(root, schema);
    if (choices.isPresent()) {
      return kind(value, choices.get(), path);
    }
    JsonNode coerced =
        switch (schema.path("type").asText()) {
          case "array" -> list(value, schema, path);
          case "object" -> object(value, schema, path);
          default -> scalar(value, schema);
        };
    if (!coerced.isContainerNode() && !coerced.equals(value)) {
      repairs.add(path + " read as " + schema.path("type").asText());
    }
    return coerced;
  }

  private JsonNode resolved(JsonNode schema) {
    return SchemaShapes.resolved(root, schema);
  }

  /** An object of one of several kinds: its name is put right where there is no doubt. */
  private JsonNode kind(JsonNode value, Choices choices, String path) {
    if (!(parsed(value, '{') instanceof ObjectNode written)) {
      return value;
    }
    ObjectNode object = written.deepCopy();
    if (!object.has(choices.member())) {
      renamed(object, ToolJson.ARGUMENTS.createObjectNode().put(choices.member(), true))
          .forEach(
              (name, member) -> {
                JsonNode named = object.get(name);
                boolean isMember =
                    choices.kinds().values().stream().anyMatch(k -> k.path("properties").has(name));
                if (!isMember && named.isTextual()) {
                  object.remove(name);
                  object.set(member, named);
                  repairs.add(join(path, name) + " renamed to " + member);
                }
              });
    }
    String named = choices.named(object);
    if (named != null) {
      return members(object, choices.kinds().get(named), path);
    }
    Optional<String> meant = choices.meant(object);
    if (meant.isEmpty()) {
      return object;
    }
    repairs.add(join(path, choices.member()) + " read as " + meant.get());
    ObjectNode whole = ToolJson.ARGUMENTS.createObjectNode().put(choices.member(), meant.get());
    object.properties().forEach(m -> whole.putIfAbsent(m.getKey(), m.getValue()));
    return members(whole, choices.kinds().get(meant.get()), path);
  }

  private static JsonNode scalar(JsonNode value, JsonNode schema) {
    boolean lonely = value.isArray() && value.size() == 1 && value.get(0).isValueNode();
    return ScalarCoercion.coerce(lonely ? value.get(0) : value, schema);
  }

  private JsonNode list(JsonNode value, JsonNode schema, String path) {
    JsonNode list = parsed(value, '[');
    if (!list.isArray()) {
      if (list.isNull() || list.isTextual() && list.textValue().isBlank()) {
        return value;
      }
      repairs.add(path + " read as a list of one");
      list = ToolJson.ARGUMENTS.createArrayNode().add(list);
    }
    ArrayNode coerced = ToolJson.ARGUMENTS.createArrayNode();
    for (JsonNode item : list) {
      coerced.add(coerce(item, schema.path("items"), path + "[" + coerced.size() + "]"));
    }
    return coerced;
  }

  private JsonNode object(JsonNode value, JsonNode schema, String path) {
    JsonNode object = parsed(value, '{');
    if (!object.isObject()) {
      return value;
    }
    if (schema.has("properties")) {
      return members((ObjectNode) object, schema, path);
    }
    ObjectNode coerced = ToolJson.ARGUMENTS.createObjectNode();
    for (Map.Entry<String, JsonNode> member : object.properties()) {
      String at = join(path, member.getKey());
      JsonNode key =
          ScalarCoercion.coerce(
              ToolJson.ARGUMENTS.getNodeFactory().textNode(member.getKey()),
              schema.path("propertyNames"));
      coerced.set(key.asText(), coerce(member.getValue(), schema.path("additionalProperties"), at));
    }
    return coerced.size() == object.size() ? coerced : object;
  }

  /** JSON that was put into a text once more. */
  private static JsonNode parsed(JsonNode value, char begin) {
    if (!value.isTextual() || !value.textValue().stripLeading().startsWith("" + begin)) {
      return value;
    }
    try {
      Object parsed = ToolJson.ARGUMENTS.readValue(value.textValue(), Object.class);
      return ArgumentValues.tree(Map.of("value", parsed))
          .map(tree -> tree.get("value"))
          .orElse(value);
    } catch (JsonProcessingException e) {
      return value;
    }
  }

  private ObjectNode members(ObjectNode object, JsonNode schema, String path) {
    JsonNode properties = schema.path("properties");
    Map<String, String> renamed = renamed(object, properties);
    Set<String> required = new HashSet<>();
    schema.path("required").forEach(name -> required.add(name.asText()));
    ObjectNode coerced = ToolJson.ARGUMENTS.createObjectNode();
    for (Map.Entry<String, JsonNode> member : object.properties()) {
      String name = renamed.getOrDefault(member.getKey(), member.getKey());
      JsonNode property = properties.path(name);
      JsonNode value = member.getValue();
      if (!name.equals(member.getKey())) {
        repairs.add(join(path, member.getKey()) + " renamed to " + name);
      }
      if (property.isMissingNode()) {
        keepUnknown(coerced, name, value, path);
      } else if (!missing(value, resolved(property), !required.contains(name))) {
        coerced.set(name, coerce(value, property, join(path, name)));
      }
    }
    return coerced;
  }

  private void keepUnknown(ObjectNode coerced, String name, JsonNode value, String path) {
    if (value.isNull() || value.isTextual() && value.textValue().isBlank()) {
      repairs.add(join(path, name) + " dropped");
    } else {
      coerced.set(name, value);
    }
  }

  private static boolean missing(JsonNode value, JsonNode schema, boolean optional) {
    boolean emptyText = value.isTextual() && value.textValue().isBlank();
    boolean plainText =
        schema.path("type").asText().equals("string")
            && !schema.has("enum")
            && !schema.has("format");
    return value.isNull() || optional && emptyText && !plainText;
  }

  private static Map<String, String> renamed(ObjectNode object, JsonNode properties) {
    Set<String> free = new HashSet<>();
    properties.fieldNames().forEachRemaining(free::add);
    List<String> unknown = new ArrayList<>();
    object
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!free.remove(name)) {
                unknown.add(name);
              }
            });
    Map<String, String> renamed = new HashMap<>();
    Set<String> contested = new HashSet<>();
    for (String name : unknown) {
      List<String> meant = NearNames.obvious(name, free);
      if (meant.size() == 1 && !contested.contains(meant.get(0))) {
        if (renamed.containsValue(meant.get(0))) {
          renamed.values().remove(meant.get(0));
          contested.add(meant.get(0));
        } else {
          renamed.put(name, meant.get(0));
        }
      }
    }
    return renamed;
  }

  private static String join(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }
}
