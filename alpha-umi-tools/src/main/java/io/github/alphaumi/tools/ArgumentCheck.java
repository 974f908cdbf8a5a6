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
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.BiPredicate;

/** Checks arguments against the schema of one tool. Thread-safe. */
final class ArgumentCheck {
  private static final SchemaRegistry REGISTRY = registry();

  private final Schema schema;

  ArgumentCheck(JsonNode schema) {
    this.schema = REGISTRY.getSchema(schema);
  }

  /** What is wrong, in words that a model can act on; empty if nothing is. */
  List<String> problems(JsonNode arguments) {
    return problems(arguments, (path, value) -> false);
  }

  /**
   * @param hidden which values, by their paths, must not be quoted
   */
  List<String> problems(JsonNode arguments, BiPredicate<String, JsonNode> hidden) {
    return schema.validate(arguments).stream()
        .map(error -> problem(error, hidden))
        .distinct()
        .toList();
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

  private static String problem(Error error, BiPredicate<String, JsonNode> hidden) {
    String at = path(error.getInstanceLocation());
    boolean secret = hidden.test(at, error.getInstanceNode());
    JsonNode value = secret ? TextNode.valueOf(Redaction.PLACE) : error.getInstanceNode();
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
