package io.github.alphaumi.core;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import java.util.List;

/**
 * What a continuation has to look like. An engine that can enforce it does; whoever reads the text
 * checks anyway. Immutable.
 */
public sealed interface Constraint {

  /** Anything. */
  record None() implements Constraint {}

  /** Exactly one of these texts. */
  record OneOf(List<String> texts) implements Constraint {
    public OneOf {
      texts = requireSome(texts, "texts");
    }
  }

  /**
   * Free text that ends the first time one of these endings is complete.
   *
   * @param beforeName how a sentence begins that names a tool; empty if there is no such form
   * @param names what may follow it, and no other word
   */
  record EndsWith(List<String> endings, String beforeName, List<String> names)
      implements Constraint {
    public EndsWith {
      endings = requireSome(endings, "endings");
      names = List.copyOf(names);
    }

    public EndsWith(List<String> endings) {
      this(endings, "", List.of());
    }
  }

  /** A JSON value of this schema. */
  record Json(JsonSchemaElement schema) implements Constraint {}

  /**
   * A call of one of these tools: {@code beforeName}, a tool's name, {@code beforeArguments}, and a
   * JSON object that fits that tool's parameters.
   */
  record CallOf(List<ToolSpecification> tools, String beforeName, String beforeArguments)
      implements Constraint {
    public CallOf {
      tools = requireSome(tools, "tools");
    }
  }

  static Constraint none() {
    return new None();
  }

  private static <T> List<T> requireSome(List<T> list, String name) {
    if (list.isEmpty()) {
      throw new IllegalArgumentException(name + ": empty, so that no text could be written");
    }
    return List.copyOf(list);
  }
}
