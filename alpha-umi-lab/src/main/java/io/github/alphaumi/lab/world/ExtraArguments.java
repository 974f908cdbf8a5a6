package io.github.alphaumi.lab.world;

import dev.langchain4j.model.chat.request.json.JsonArraySchema;
import dev.langchain4j.model.chat.request.json.JsonBooleanSchema;
import dev.langchain4j.model.chat.request.json.JsonIntegerSchema;
import dev.langchain4j.model.chat.request.json.JsonNumberSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import dev.langchain4j.model.chat.request.json.JsonStringSchema;
import java.util.LinkedHashMap;
import java.util.Map;

/** Optional arguments that no request asks for, so that a model learns to leave them out. */
final class ExtraArguments {
  private static final double SOME = 0.35;

  private ExtraArguments() {}

  /** Mostly none; by the words of their names. */
  static Map<String, JsonSchemaElement> draw(Draws draws) {
    Map<String, JsonSchemaElement> extras = new LinkedHashMap<>();
    if (draws.chance(SOME)) {
      int wanted = draws.between(1, 3);
      for (int i = 0; i < wanted; i++) {
        String[] line = draws.line("extra-arguments").split(": ", 2);
        extras.put(line[0], schema(line[1], "the " + line[0]));
      }
    }
    return extras;
  }

  private static JsonSchemaElement schema(String type, String description) {
    return switch (type) {
      case "string" -> JsonStringSchema.builder().description(description).build();
      case "integer" -> JsonIntegerSchema.builder().description(description).build();
      case "number" -> JsonNumberSchema.builder().description(description).build();
      case "boolean" -> JsonBooleanSchema.builder().description(description).build();
      case "list" ->
          JsonArraySchema.builder()
              .description(description)
              .items(JsonStringSchema.builder().build())
              .build();
      default -> throw new IllegalArgumentException("extra argument of type '" + type + "'");
    };
  }
}
