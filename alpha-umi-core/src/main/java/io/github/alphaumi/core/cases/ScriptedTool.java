package io.github.alphaumi.core.cases;

import dev.langchain4j.agent.tool.ToolSpecification;
import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.core.PythonJson;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A tool that gives prepared results.
 *
 * @param effectful whether a call too many does harm
 * @param defaults of arguments that may be left out
 * @param otherwise what other arguments than those of the results give
 * @param failFirst how many calls of a case meet a temporary error first
 */
record ScriptedTool(
    ToolSpecification specification,
    boolean effectful,
    Map<String, @Nullable Object> defaults,
    List<Result> results,
    @Nullable Object otherwise,
    int failFirst) {
  private static final List<String> EFFECTS = List.of("read-only", "idempotent", "effectful");
  private static final String DEFAULT = "default";
  private static final String PROPERTIES = "properties";

  /** What canonical arguments give. */
  record Result(Map<String, @Nullable Object> arguments, @Nullable Object value) {}

  static ScriptedTool of(Path path, String name, CaseFile.ToolJson json) {
    String effect = Objects.requireNonNullElse(json.effect(), "read-only");
    if (!EFFECTS.contains(effect)) {
      throw invalid(path, name, "effect '" + effect + "' is none of " + EFFECTS);
    }
    if (json.failFirst() < 0) {
      throw invalid(path, name, "failFirst " + json.failFirst() + " is less than 0");
    }
    Map<String, @Nullable Object> parameters =
        json.parameters() == null ? Map.of("type", "object") : json.parameters();
    Map<String, @Nullable Object> defaults = new LinkedHashMap<>();
    ToolSpecification specification;
    try {
      specification =
          ToolSpecification.fromJson(
              PythonJson.write(
                  Map.of(
                      "name",
                      name,
                      "description",
                      Objects.requireNonNullElse(json.description(), ""),
                      "parameters",
                      withoutDefaults(parameters, defaults))));
    } catch (RuntimeException e) {
      throw new AlphaUmiException(
          "case file "
              + path
              + ", tool "
              + name
              + ": 'parameters' are no schema that a model can"
              + " be told: "
              + e.getMessage(),
          e);
    }
    List<CaseFile.ResultJson> results = Objects.requireNonNullElse(json.results(), List.of());
    return new ScriptedTool(
        specification,
        effect.equals("effectful"),
        defaults,
        results.stream()
            .map(
                result ->
                    new Result(
                        Objects.requireNonNullElse(result.args(), Map.of()), result.result()))
            .toList(),
        json.otherwise(),
        json.failFirst());
  }

  private static AlphaUmiException invalid(Path path, String name, String problem) {
    return new AlphaUmiException("case file " + path + ", tool " + name + ": " + problem);
  }

  /**
   * Defaults are kept apart: models are told types and descriptions, and a schema with more than
   * those is one that few of them were trained on.
   */
  private static Map<String, @Nullable Object> withoutDefaults(
      Map<String, @Nullable Object> parameters, Map<String, @Nullable Object> defaults) {
    if (!(parameters.get(PROPERTIES) instanceof Map<?, ?> properties)) {
      return parameters;
    }
    Map<String, @Nullable Object> rest = new LinkedHashMap<>();
    properties.forEach(
        (name, schema) -> {
          if (schema instanceof Map<?, ?> members && members.containsKey(DEFAULT)) {
            defaults.put(String.valueOf(name), members.get(DEFAULT));
            Map<Object, @Nullable Object> others = new LinkedHashMap<>(members);
            others.remove(DEFAULT);
            rest.put(String.valueOf(name), others);
          } else {
            rest.put(String.valueOf(name), schema);
          }
        });
    Map<String, @Nullable Object> all = new LinkedHashMap<>(parameters);
    all.put(PROPERTIES, rest);
    return all;
  }

  String name() {
    return specification.name();
  }

  /** What was prepared for these arguments; empty where {@link #otherwise} holds. */
  Optional<Result> prepared(Map<String, @Nullable Object> arguments) {
    return results.stream()
        .filter(result -> JsonEquality.strict().same(result.arguments(), arguments, defaults))
        .findFirst();
  }
}
