package io.github.alphaumi.onnx;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import com.google.common.util.concurrent.UncheckedExecutionException;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.core.Constraint;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Languages of constraints over one vocabulary. Those of recent constraints are kept with what they
 * have learnt about the vocabulary: an agent asks for the same ones again and again. Thread-safe.
 */
final class Constraints {
  private static final int KEPT = 64;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String DATE = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])";

  private final TokenTrie trie;
  private final Cache<Object, Compiled> compiled =
      CacheBuilder.newBuilder().maximumSize(KEPT).build();

  /** What a text can be held to. Equal ones are made once. */
  interface Language {
    Expression write(Grammar grammar);
  }

  /** A language and the token masks of its states that are known so far. */
  private record Compiled(Expression root, MaskCache masks) {}

  Constraints(TokenTrie trie) {
    this.trie = trie;
  }

  /** A matcher at the beginning of a text; null where there is no constraint. */
  @Nullable ConstraintMatcher matcher(Constraint constraint) {
    return constraint instanceof Constraint.None
        ? null
        : matcher(constraint, grammar -> language(constraint, grammar));
  }

  /** A matcher at the beginning of a text of this language. */
  ConstraintMatcher matcher(Language language) {
    return matcher(language, language);
  }

  private ConstraintMatcher matcher(Object key, Language source) {
    try {
      Compiled language =
          compiled.get(key, () -> new Compiled(source.write(new Grammar()), new MaskCache(trie)));
      return new ConstraintMatcher(language.root(), language.masks());
    } catch (ExecutionException | UncheckedExecutionException e) {
      throw new AlphaUmiException(
          "this constraint cannot be enforced: " + e.getCause().getMessage(), e.getCause());
    }
  }

  private static Expression language(Constraint constraint, Grammar grammar) {
    if (constraint instanceof Constraint.OneOf one) {
      return grammar.oneOf(one.texts());
    }
    if (constraint instanceof Constraint.EndsWith ends) {
      return grammar.freeTextThenOneOf(ends.endings(), ends.beforeName(), ends.names());
    }
    if (constraint instanceof Constraint.Matches matches) {
      return grammar.regex(matches.regex());
    }
    if (constraint instanceof Constraint.Json json) {
      return grammar.json(schema(json.schema()), JsonStyle.PYTHON);
    }
    Constraint.CallOf call = (Constraint.CallOf) constraint;
    return grammar.call(
        schemas(call.tools()), call.beforeName(), call.beforeArguments(), JsonStyle.PYTHON);
  }

  /** The schemas of these tools' arguments, as a grammar takes them. */
  static List<NamedSchema> schemas(List<ToolSpecification> tools) {
    List<NamedSchema> schemas = new ArrayList<>();
    for (ToolSpecification tool : tools) {
      schemas.add(new NamedSchema(tool.name(), parameters(tool)));
    }
    return schemas;
  }

  private static @Nullable JsonNode parameters(ToolSpecification tool) {
    JsonNode parameters = read(tool.toJson()).path("parameters");
    return parameters.isObject() ? withPatterns(parameters) : null;
  }

  /**
   * Any schema element as JSON, by the writer that langchain4j has for tools; raw JSON as it is.
   */
  static JsonNode schema(JsonSchemaElement element) {
    if (element instanceof JsonRawSchema raw) {
      return withPatterns(read(raw.schema()));
    }
    ToolSpecification wrapper =
        ToolSpecification.builder()
            .name("wrapper")
            .parameters(JsonObjectSchema.builder().addProperty("value", element).build())
            .build();
    return withPatterns(read(wrapper.toJson()).path("parameters").path("properties").path("value"));
  }

  private static JsonNode read(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new AlphaUmiException("a schema is broken JSON: " + e.getOriginalMessage(), e);
    }
  }

  /** A format is only a note in JSON Schema: dates are held to their form by a pattern. */
  private static JsonNode withPatterns(JsonNode schema) {
    for (JsonNode child : schema) {
      withPatterns(child);
    }
    if (schema instanceof ObjectNode object
        && "date".equals(object.path("format").asText())
        && !object.has("pattern")) {
      object.put("pattern", DATE);
    }
    return schema;
  }
}
