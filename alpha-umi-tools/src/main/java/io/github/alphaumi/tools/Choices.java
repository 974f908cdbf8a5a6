package io.github.alphaumi.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The kinds of object that a schema allows at one place, told apart by a member that has one value
 * in each of them.
 *
 * @param member the member that names the kind
 * @param kinds their schemas by name
 */
record Choices(String member, Map<String, JsonNode> kinds) {

  /** Of a schema whose kinds are named; empty for any other. */
  static Optional<Choices> of(JsonNode root, JsonNode schema) {
    List<JsonNode> options = new ArrayList<>();
    SchemaShapes.resolved(root, schema)
        .path("anyOf")
        .forEach(option -> options.add(SchemaShapes.resolved(root, option)));
    if (options.isEmpty()) {
      return Optional.empty();
    }
    for (Map.Entry<String, JsonNode> property : options.get(0).path("properties").properties()) {
      Map<String, JsonNode> kinds = new LinkedHashMap<>();
      for (JsonNode option : options) {
        JsonNode names = option.path("properties").path(property.getKey()).path("enum");
        if (names.size() == 1 && names.get(0).isTextual()) {
          kinds.put(names.get(0).textValue(), option);
        }
      }
      if (kinds.size() == options.size()) {
        return Optional.of(new Choices(property.getKey(), kinds));
      }
    }
    return Optional.empty();
  }

  /** The kind that a value says it is of; null if it does not say, or says another. */
  @Nullable String named(JsonNode value) {
    String name = value.path(member).textValue();
    return name != null && kinds.containsKey(name) ? name : null;
  }

  /** Position of a kind among the schema's options. */
  int position(String kind) {
    return List.copyOf(kinds.keySet()).indexOf(kind);
  }

  /**
   * The kind that an object is obviously of: by a name in other letters, or because it alone has
   * the members that are there and needs no others.
   */
  Optional<String> meant(ObjectNode object) {
    JsonNode written = object.path(member);
    if (written.isTextual() && !written.textValue().isBlank()) {
      List<String> alike =
          kinds.keySet().stream()
              .filter(k -> NearNames.plain(k).equals(NearNames.plain(written.textValue())))
              .toList();
      return alike.size() == 1 ? Optional.of(alike.get(0)) : Optional.empty();
    }
    if (!written.isMissingNode() && !written.isNull() && !written.isTextual()) {
      return Optional.empty();
    }
    List<String> fitting =
        kinds.entrySet().stream()
            .filter(kind -> fits(object, kind.getValue()))
            .map(Map.Entry::getKey)
            .toList();
    return fitting.size() == 1 ? Optional.of(fitting.get(0)) : Optional.empty();
  }

  private boolean fits(ObjectNode object, JsonNode kind) {
    JsonNode properties = kind.path("properties");
    boolean known =
        object.properties().stream()
            .map(Map.Entry::getKey)
            .allMatch(name -> name.equals(member) || properties.has(name));
    return known
        && kind.path("required")
            .valueStream()
            .allMatch(name -> name.asText().equals(member) || object.has(name.asText()));
  }
}
