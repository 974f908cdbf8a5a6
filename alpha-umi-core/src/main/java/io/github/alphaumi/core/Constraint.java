package io.github.alphaumi.core;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

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

  /**
   * A text that matches a regular expression as a whole.
   *
   * <p>What an engine can enforce is the regular part of {@link java.util.regex.Pattern}: literals
   * and escapes of any Unicode character; {@code .}; classes with ranges and negation; {@code \d \w
   * \s \p{…}} and their complements; groups, capturing or not; {@code |}; {@code * + ? {m} {m,}
   * {m,n}}, greedy or lazy, which is the same here. {@code ^} and {@code $} at the ends say nothing
   * more. Look-around, back-references, boundaries, possessive quantifiers, flags and intersections
   * of classes are refused by the engine, which names them and their place.
   *
   * @param regex a pattern that {@link java.util.regex.Pattern#compile(String)} takes
   */
  record Matches(String regex) implements Constraint {
    public Matches {
      try {
        Pattern.compile(regex);
      } catch (PatternSyntaxException e) {
        throw new IllegalArgumentException(
            "regex: '"
                + regex
                + "' is not a regular expression: "
                + e.getDescription()
                + " at position "
                + e.getIndex(),
            e);
      }
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
