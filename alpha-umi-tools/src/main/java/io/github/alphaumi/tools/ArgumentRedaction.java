package io.github.alphaumi.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which values of one tool's calls only the tool may have. A member is meant by its name at any
 * depth, or by its path from the root ({@code card.number}; lists do not count). Immutable.
 *
 * <p>Calls are redacted as a model wrote them, before anything is mended. So where a secret may
 * stand under a name or in a form that is mended later (a name that the schema does not have, an
 * object written as text) the value is taken out as well.
 */
final class ArgumentRedaction {
  /** Shorter texts stand in too many others to be taken out of them. */
  private static final int SHORTEST_SECRET = 4;

  private final Set<String> members;
  private final JsonNode root;

  ArgumentRedaction(Set<String> members, JsonNode schema) {
    this.members = members;
    root = schema;
  }

  boolean isEmpty() {
    return members.isEmpty();
  }

  /** Members that are to be redacted and that no call can have. */
  Set<String> unknown() {
    Set<String> unknown = new TreeSet<>(members);
    unknown.removeAll(declared(false));
    return unknown;
  }

  /** Names and paths of what the schema has. */
  Set<String> declared(boolean pathsOnly) {
    Set<String> declared = new LinkedHashSet<>();
    declare(root, "", declared, new LinkedHashSet<>(), pathsOnly);
    return declared;
  }

  private void declare(
      JsonNode schema, String path, Set<String> declared, Set<JsonNode> open, boolean pathsOnly) {
    for (JsonNode variant : SchemaShapes.variants(root, schema)) {
      if (!open.add(variant)) {
        continue;
      }
      variant
          .path("properties")
          .properties()
          .forEach(
              member -> {
                String at = join(path, member.getKey());
                declared.add(at);
                if (!pathsOnly) {
                  declared.add(member.getKey());
                }
                declare(member.getValue(), at, declared, open, pathsOnly);
              });
      declare(variant.path("items"), path, declared, open, pathsOnly);
      if (variant.path("additionalProperties").isObject()) {
        declare(variant.get("additionalProperties"), path, declared, open, pathsOnly);
      } else if (SchemaShapes.isFree(variant)) {
        declared.addAll(members);
      }
      open.remove(variant);
    }
  }

  /** A call's arguments as they may be read; the same if nothing of them is redacted. */
  Map<String, @Nullable Object> readable(Map<String, @Nullable Object> arguments) {
    return isEmpty() ? arguments : members(arguments, List.of(root), "");
  }

  /** Every value taken out: of a call of a tool that does not exist. */
  static Map<String, @Nullable Object> nothing(Map<String, @Nullable Object> arguments) {
    Map<String, @Nullable Object> shown = new LinkedHashMap<>();
    arguments.keySet().forEach(name -> shown.put(name, Redaction.PLACE));
    return shown;
  }

  private Map<String, @Nullable Object> members(
      Map<?, ?> object, List<JsonNode> shapes, String path) {
    Map<String, @Nullable Object> shown = new LinkedHashMap<>();
    object.forEach(
        (key, value) -> {
          String name = String.valueOf(key);
          JsonNode property = property(shapes, name);
          shown.put(
              name,
              property.isMissingNode() || isMeant(path, name)
                  ? Redaction.PLACE
                  : value(value, property, join(path, name)));
        });
    return shown;
  }

  private @Nullable Object value(@Nullable Object value, JsonNode schema, String path) {
    if (value instanceof List<?> list) {
      List<@Nullable Object> shown = new ArrayList<>();
      JsonNode items = schema.has("items") ? schema.get("items") : schema;
      list.forEach(item -> shown.add(value(item, items, path)));
      return shown;
    }
    List<JsonNode> shapes = SchemaShapes.variants(root, schema);
    if (value instanceof Map<?, ?> map) {
      List<JsonNode> inside =
          shapes.stream().map(shape -> shape.has("items") ? shape.get("items") : shape).toList();
      return members(
          map,
          inside.stream().flatMap(s -> SchemaShapes.variants(root, s).stream()).toList(),
          path);
    }
    boolean plain = value == null || shapes.stream().anyMatch(shape -> isPlain(value, shape));
    return plain ? value : Redaction.PLACE;
  }

  /** Whether a text or a number can be no object or list in disguise. */
  private static boolean isPlain(Object value, JsonNode shape) {
    return switch (shape.path("type").asText()) {
      case "object" -> false;
      case "array" ->
          !(value instanceof String text && (text.contains("{") || text.contains("[")))
              && !shape.path("items").path("type").asText().equals("object");
      default -> true;
    };
  }

  /** The schema of a member; any for a map's, missing for a name that is not there. */
  private JsonNode property(List<JsonNode> shapes, String name) {
    for (JsonNode shape : shapes) {
      if (shape.path("properties").has(name)) {
        return shape.get("properties").get(name);
      }
      if (SchemaShapes.isMap(shape)) {
        return shape.path("additionalProperties").isObject()
            ? shape.get("additionalProperties")
            : ToolJson.ARGUMENTS.createObjectNode();
      }
    }
    return MissingNode.getInstance();
  }

  private boolean isMeant(String path, String name) {
    return members.contains(name)
        || members.contains(join(path, name))
        || members.stream().anyMatch(m -> NearNames.plain(m).equals(NearNames.plain(name)));
  }

  /**
   * Whether a value must not be quoted in an error.
   *
   * @param path with indices, as errors have it
   */
  boolean hides(String path, JsonNode value) {
    if (isEmpty()) {
      return false;
    }
    String at = "";
    for (String name : path.replaceAll("\\[\\d+]", "").split("\\.")) {
      if (isMeant(at, name)) {
        return true;
      }
      at = join(at, name);
    }
    boolean inDisguise = value.isTextual() && value.textValue().matches("(?s).*[{\\[].*");
    return value.isContainerNode() || inDisguise || !declared(true).contains(at);
  }

  /** Texts and numbers that are redacted, the longest first, as a tool may say them again. */
  Set<String> secrets(ObjectNode arguments) {
    Set<String> secrets =
        new TreeSet<>(
            Comparator.<String>comparingInt(text -> -text.length())
                .thenComparing(Comparator.naturalOrder()));
    if (!isEmpty()) {
      Map<String, @Nullable Object> values = ArgumentValues.values(arguments);
      collect(values, readable(values), secrets);
    }
    return secrets;
  }

  private static void collect(@Nullable Object value, @Nullable Object shown, Set<String> secrets) {
    if (value instanceof Map<?, ?> map) {
      map.forEach(
          (name, item) ->
              collect(item, shown instanceof Map<?, ?> other ? other.get(name) : shown, secrets));
    } else if (value instanceof List<?> list) {
      for (int i = 0; i < list.size(); i++) {
        collect(list.get(i), shown instanceof List<?> other ? other.get(i) : shown, secrets);
      }
    } else if (value != null && Redaction.PLACE.equals(shown)) {
      String text = String.valueOf(value);
      if (text.length() >= SHORTEST_SECRET && !text.equals(Redaction.PLACE)) {
        secrets.add(text);
      }
    }
  }

  private static String join(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }
}
