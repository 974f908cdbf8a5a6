package io.github.alphaumi.lab;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.core.Constraint;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a text is held to: at most one of these. */
final class ConstraintOptions {
  @Option(
      names = "--schema",
      paramLabel = "FILE",
      description = "Write a JSON value of this JSON Schema.")
  private @Nullable Path schema;

  @Option(
      names = "--choices",
      paramLabel = "TEXT",
      split = ",",
      description = "Write one of these texts, parted by commas. May be repeated.")
  private @Nullable List<String> choices;

  @Option(
      names = "--regex",
      paramLabel = "REGEX",
      description = "Write what this regular expression matches as a whole.")
  private @Nullable String regex;

  /**
   * @throws IllegalArgumentException if an option's own value is wrong
   */
  Constraint constraint() {
    if (schema != null) {
      JsonNode json = ModelFile.json("--schema", schema);
      if (!json.isObject()) {
        throw new AlphaUmiException("--schema: " + schema + " does not hold a JSON object");
      }
      return new Constraint.Json(JsonRawSchema.from(json.toString()));
    }
    if (choices != null) {
      return new Constraint.OneOf(choices);
    }
    return regex == null ? Constraint.none() : new Constraint.Matches(regex);
  }
}
