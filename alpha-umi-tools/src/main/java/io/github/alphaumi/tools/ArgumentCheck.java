package io.github.alphaumi.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.networknt.schema.Error;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.format.Format;
import com.networknt.schema.path.NodePath;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Checks arguments against the schema of one tool. Thread-safe. */
final class ArgumentCheck {
  private static final SchemaRegistry REGISTRY = registry();

  private final JsonNode root;
  private final Schema schema;

  ArgumentCheck(JsonNode schema) {
    root = schema;
    this.schema = REGISTRY.getSchema(schema);
  }

  /** Which values must not be quoted, by their paths. */
  @FunctionalInterface
  interface Hidden {
    boolean test(String path, JsonNode value);

    default JsonNode shown(String path, JsonNode value) {
      return test(path, value) ? TextNode.valueOf(Redaction.PLACE) : value;
    }
  }

  /** What is wrong, in words that a model can act on; empty if nothing is. */
  List<String> problems(JsonNode arguments) {
    return problems(arguments, (path, value) -> false);
  }

  List<String> problems(JsonNode arguments, Hidden hidden) {
    List<Error> errors = schema.validate(arguments);
    if (errors.isEmpty()) {
      return List.of();
    }
    ChosenKinds kinds = new ChosenKinds(root, arguments, hidden);
    List<String> problems = new ArrayList<>(kinds.problems());
    errors.stream()
        .filter(error -> kinds.matters(error, path(error.getInstanceLocation())))
        .map(error -> problem(error, hidden))
        .forEach(problems::add);
    return problems.stream().distinct().toList();
  }

  private static SchemaRegistry registry() {
    Dialect dialect =
        Dialect.builder(Dialects.getDraft202012())
            .formats(Arrays.stream(TextFormat.values()).map(ArgumentCheck::format).toList())
            .build();
    SchemaRegistryConfig config =
        SchemaRegistryConfig.builder().formatAssertionsEnabled(true).locale(Locale.ENGLISH).build();
    return SchemaRegistry.withDialect(dialect, builder -> builder.schemaRegistryConfig(config));
  }

  private static Format format(TextFormat format) {
    return new Format() {
      @Override
      public String getName() {
        return format.schemaName();
      }

      @Override
      public boolean matches(ExecutionContext context, String value) {
        return format.canonical(value).isPresent();
      }
    };
  }

  private static String problem(Error error, Hidden hidden) {
    String at = path(error.getInstanceLocation());
    boolean secret = hidden.test(at, error.getInstanceNode());
    JsonNode value = hidden.shown(at, error.getInstanceNode());
    String why = secret ? "it does not fit" : error.getMessage();
    JsonNode expected = error.getSchemaNode();
    return switch (error.getKeyword()) {
      case "required" -> ToolTexts.missing(at, error.getProperty());
      case "additionalProperties" -> ToolTexts.unknownArgument(at, error.getProperty());
      case "type" -> ToolTexts.wrongType(at, expected.asText(), value);
      case "enum" -> ToolTexts.notAChoice(at, expected, value);
      case "minimum" -> ToolTexts.tooSmall(at, expected, value);
      case "maximum" -> ToolTexts.tooLarge(at, expected, value);
      case "minLength", "maxLength" -> ToolTexts.notOneCharacter(at, value);
      case "propertyNames" ->
          ToolTexts.notAName(at, expected.path("enum"), String.valueOf(error.getProperty()));
      case "format" ->
          TextFormat.named(expected.asText())
              .map(format -> ToolTexts.wrongFormat(at, format, value))
              .orElseGet(() -> ToolTexts.wrong(at, why));
      default -> ToolTexts.wrong(at, why);
    };
  }

  /** {@code items[0].count}, as one would write it in a program. */
  private static String path(NodePath location) {
    StringBuilder path = new StringBuilder();
    for (int i = 0; i < location.getNameCount(); i++) {
      Object element = location.getElement(i);
      if (element instanceof Integer index) {
        path.append('[').append(index).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(element);
      }
    }
    return path.toString();
  }
}
