package io.github.alphaumi.onnx;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.agent.tool.ToolSpecification;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a turn of the assistant may look like. Immutable.
 *
 * @param tools that may be called; none for a turn of text
 * @param required whether nothing but calls may come
 * @param schema of the text, if it has to be JSON
 * @param before what the text or the calls begin with, and is no part of them
 */
record TurnLanguage(
    ToolSyntax syntax,
    List<ToolSpecification> tools,
    boolean required,
    @Nullable JsonNode schema,
    String before)
    implements Constraints.Language {

  /** Whether this is any text at all. */
  boolean isFree() {
    return tools.isEmpty() && schema == null;
  }

  TurnReader.Kind kind() {
    if (tools.isEmpty()) {
      return TurnReader.Kind.TEXT;
    }
    if (required) {
      return TurnReader.Kind.CALLS;
    }
    return schema == null && syntax.followsText()
        ? TurnReader.Kind.TEXT_THEN_CALLS
        : TurnReader.Kind.TEXT_OR_CALLS;
  }

  @Override
  public Expression write(Grammar grammar) {
    return grammar.seq(grammar.literal(before), turn(grammar));
  }

  private Expression turn(Grammar grammar) {
    if (required) {
      return syntax.calls(grammar, tools);
    }
    if (schema == null) {
      return syntax.textOrCalls(grammar, tools);
    }
    Expression json = grammar.json(schema, JsonStyle.PYTHON);
    return tools.isEmpty() ? json : grammar.alt(syntax.calls(grammar, tools), json);
  }
}
