package io.github.alphaumi.onnx;

import dev.langchain4j.agent.tool.ToolSpecification;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a family of models writes calls of tools.
 *
 * @param beforeName what a call begins with
 * @param beforeArguments between a tool's name and its arguments
 * @param afterArguments what a call ends with
 * @param between what two calls of one turn have between them; null if a turn has one call at most
 */
record ToolSyntax(
    String beforeName, String beforeArguments, String afterArguments, @Nullable String between) {

  /** Calls that a turn can have. */
  private static final int MOST = 16;

  /** A character that no call begins with. */
  private static final String OTHER_START = "[^{\\x00-\\x1f]";

  /** Nous Hermes, Qwen 2.5 and 3, and those who follow them. */
  static final ToolSyntax HERMES =
      new ToolSyntax("<tool_call>\n{\"name\": \"", "\", \"arguments\": ", "}\n</tool_call>", "\n");

  /** Llama 3.1 and later, for tools that are described as JSON. */
  static final ToolSyntax LLAMA =
      new ToolSyntax("{\"name\": \"", "\", \"parameters\": ", "}", null);

  /** After the word that {@link TaughtTools} begin a turn of calls with. */
  static final ToolSyntax TAUGHT = new ToolSyntax(" ", " ", "", "\n" + TaughtTools.CALL);

  /**
   * The syntax that a template's model was trained on; TAUGHT if it was trained on none of ours.
   */
  static ToolSyntax of(String template) {
    if (!template.contains("tools")) {
      return TAUGHT;
    }
    if (template.contains("<tool_call>") && template.contains("\"arguments\": ")) {
      return HERMES;
    }
    return template.contains("ipython") && template.contains("\"parameters\": ") ? LLAMA : TAUGHT;
  }

  boolean isTaught() {
    return this == TAUGHT;
  }

  /** Calls of these tools, one or more, each with arguments that its tool's schema allows. */
  Expression calls(Grammar grammar, List<ToolSpecification> tools) {
    Expression call = call(grammar, tools);
    return grammar.seq(call, more(grammar, call));
  }

  /**
   * Free text, and then calls if there are any. Text that begins as a call does, is one: anywhere
   * in it where a control word announces calls, else at its start.
   */
  Expression textOrCalls(Grammar grammar, List<ToolSpecification> tools) {
    Expression calls = calls(grammar, tools);
    String word = word();
    if (word.isEmpty()) {
      Expression text = grammar.seq(grammar.regex(OTHER_START), grammar.freeText());
      return grammar.alt(calls, grammar.optional(text));
    }
    ToolSyntax rest =
        new ToolSyntax(
            beforeName.substring(word.length()), beforeArguments, afterArguments, between);
    Expression call = rest.call(grammar, tools);
    return grammar.freeTextUntil(word, grammar.seq(call, more(grammar, call(grammar, tools))));
  }

  private Expression call(Grammar grammar, List<ToolSpecification> tools) {
    return grammar.seq(
        grammar.call(Constraints.schemas(tools), beforeName, beforeArguments, JsonStyle.PYTHON),
        grammar.literal(afterArguments));
  }

  private Expression more(Grammar grammar, Expression call) {
    return between == null
        ? grammar.literal("")
        : grammar.repeat(grammar.seq(grammar.literal(between), call), 0, MOST - 1);
  }

  /** The control word that announces a call wherever it stands; empty if there is none. */
  private String word() {
    return beforeName.startsWith("<") ? beforeName.substring(0, beforeName.indexOf('>') + 1) : "";
  }

  /** Whether calls may come after text. */
  boolean followsText() {
    return !word().isEmpty();
  }
}
