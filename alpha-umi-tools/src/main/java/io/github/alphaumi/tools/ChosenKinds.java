package io.github.alphaumi.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.path.NodePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which kind each object of a call is of where a schema allows several, so that an error speaks of
 * that kind alone: a validator tells of each kind why it does not fit. Used for one call.
 */
final class ChosenKinds {
  private static final String ANY_OF = "anyOf";

  private final JsonNode root;
  private final TreeMap<String, Integer> chosen = new TreeMap<>();
  private final List<String> open = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();
  private final ArgumentCheck.Hidden hidden;

  /**
   * @param hidden which values must not be quoted
   */
  ChosenKinds(JsonNode root, JsonNode arguments, ArgumentCheck.Hidden hidden) {
    this.root = root;
    this.hidden = hidden;
    look(arguments, root, "");
  }

  /** Of objects whose kind is not known. */
  List<String> problems() {
    return problems;
  }

  private void look(JsonNode value, JsonNode declared, String path) {
    JsonNode schema = SchemaShapes.resolved(root, declared);
    Optional<Choices> choices = Choices.of(root, schema);
    if (choices.isPresent()) {
      choose(value, choices.get(), path);
    } else if (value.isArray()) {
      for (int i = 0; i < value.size(); i++) {
        look(value.get(i), schema.path("items"), path + "[" + i + "]");
      }
    } else if (value.isObject()) {
      members(value, schema, path);
    }
  }

  private void members(JsonNode value, JsonNode schema, String path) {
    JsonNode properties = schema.path("properties");
    value
        .properties()
        .forEach(
            member ->
                look(
                    member.getValue(),
                    properties.has(member.getKey())
                        ? properties.get(member.getKey())
                        : schema.path("additionalProperties"),
                    path.isEmpty() ? member.getKey() : path + "." + member.getKey()));
  }

  private void choose(JsonNode value, Choices choices, String path) {
    String kind = choices.named(value);
    if (kind != null) {
      chosen.put(path, choices.position(kind));
      members(value, choices.kinds().get(kind), path);
      return;
    }
    open.add(path);
    JsonNode shown = hidden.shown(path, value);
    if (!value.isObject()) {
      problems.add(ToolTexts.wrongType(path, "object", shown));
    } else if (value.path(choices.member()).isMissingNode()) {
      problems.add(ToolTexts.kindMissing(path, choices.member(), choices.kinds().keySet()));
    } else {
      String at = path + "." + choices.member();
      JsonNode named = value.get(choices.member());
      problems.add(ToolTexts.notAKind(at, choices.kinds().keySet(), hidden.shown(at, named)));
    }
  }

  /** Whether an error is of the kinds that were chosen. */
  boolean matters(Error error, String path) {
    if (open.stream().anyMatch(at -> isWithin(path, at))) {
      return false;
    }
    List<Integer> taken = new ArrayList<>();
    chosen.forEach(
        (at, position) -> {
          if (isWithin(path, at)) {
            taken.add(position);
          }
        });
    List<Integer> tried = tried(error.getEvaluationPath());
    if (error.getKeyword().equals(ANY_OF) && !taken.isEmpty()) {
      return false;
    }
    return tried.size() > taken.size() || taken.subList(0, tried.size()).equals(tried);
  }

  private static boolean isWithin(String path, String at) {
    return path.equals(at)
        || path.startsWith(at)
            && (at.isEmpty() || path.charAt(at.length()) == '.' || path.charAt(at.length()) == '[');
  }

  private static List<Integer> tried(NodePath evaluation) {
    List<Integer> tried = new ArrayList<>();
    for (int i = 0; i + 1 < evaluation.getNameCount(); i++) {
      if (evaluation.getElement(i).equals(ANY_OF)
          && evaluation.getElement(i + 1) instanceof Integer position) {
        tried.add(position);
      }
    }
    return tried;
  }
}
