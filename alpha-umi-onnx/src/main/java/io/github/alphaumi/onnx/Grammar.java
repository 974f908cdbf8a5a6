package io.github.alphaumi.onnx;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the languages that a text can be held to are made. Expressions of one grammar can be
 * combined with each other, share what they have learnt, and must not be mixed with those of
 * another. Thread-safe.
 */
final class Grammar {
  /** Longer texts than this are no answer of a model. */
  private static final int LONGEST = 1 << 16;

  /** Stands for the start of a free text; a character that no text and no ending has. */
  static final String START = "\0";

  /** What can follow a name: none of it is in one. */
  static final String AFTER_NAME = " .,;:!?\n";

  private final Arena arena = new Arena();

  /** Exactly this text. */
  Expression literal(String text) {
    return arena.literal(text);
  }

  /** One of these texts; some may begin others. The work is linear in their length together. */
  Expression oneOf(Collection<String> texts) {
    Map<String, Expression> words = new HashMap<>();
    texts.forEach(text -> words.put(text, arena.epsilon));
    return words(words);
  }

  private Expression words(Map<String, Expression> words) {
    return WordTrie.of(arena, words, c -> arena.literal(Character.toString(c)));
  }

  /** One after the other. */
  Expression seq(Expression... parts) {
    return arena.seq(parts);
  }

  /** Any one of these; of none at all, the dead expression. */
  Expression alt(Expression... parts) {
    return arena.alt(parts);
  }

  /** Any number of times. */
  Expression star(Expression part) {
    return arena.star(part);
  }

  /** Once or more. */
  Expression plus(Expression part) {
    return repeat(part, 1, Integer.MAX_VALUE);
  }

  Expression optional(Expression part) {
    return arena.optional(part);
  }

  /** From {@code min} to {@code max} times; {@code Integer.MAX_VALUE} is no bound. */
  Expression repeat(Expression part, int min, int max) {
    if (min < 0 || max < min) {
      throw new IllegalArgumentException("cannot repeat " + min + " to " + max + " times");
    }
    return arena.repeat(part, min, max == Integer.MAX_VALUE ? Repeat.UNBOUNDED : max);
  }

  /** One byte of the set. */
  Expression bytes(ByteSet set) {
    return arena.bytes(set);
  }

  /** One character of the set, in UTF-8. */
  Expression characters(CodePoints set) {
    return set.utf8(arena);
  }

  /**
   * The texts that match as a whole; see {@link RegexParser} for what is understood.
   *
   * @throws IllegalArgumentException naming the construct that is not, and its position
   */
  Expression regex(String pattern) {
    return bounded(new RegexParser(arena, pattern, set -> set.utf8(arena)).parse(), pattern);
  }

  /**
   * A JSON value of a schema; see {@link JsonSchema} for what is understood.
   *
   * @throws IllegalArgumentException if the schema has no value of sensible size, is nested or
   *     grows beyond bounds, or says what cannot be held to; the message names it
   */
  Expression json(JsonNode schema, JsonStyle style) {
    JsonText text = new JsonText(arena, style);
    Expression value = bounded(JsonSchema.compile(text, schema), "the schema");
    return arena.seq(text.blank, value, text.blank);
  }

  /**
   * A call of one of these tools: {@code beforeName}, its name, {@code beforeArguments}, its
   * arguments as a JSON object without blanks around it, {@code {}} if it takes none.
   */
  Expression call(
      List<NamedSchema> tools, String beforeName, String beforeArguments, JsonStyle style) {
    JsonText text = new JsonText(arena, style);
    Map<String, Expression> words = new HashMap<>();
    for (NamedSchema tool : tools) {
      JsonNode schema = tool.schema();
      Expression arguments =
          schema != null && tool.takesArguments()
              ? bounded(JsonSchema.compile(text, schema), "the schema of '" + tool.name() + "'")
              : arena.literal("{}");
      if (words.put(tool.name() + beforeArguments, arguments) != null) {
        throw new IllegalArgumentException("two tools have the name '" + tool.name() + "'");
      }
    }
    return arena.seq(arena.literal(beforeName), words(words));
  }

  /** Any UTF-8 text without control characters other than line feed and tab. */
  Expression freeText() {
    return arena.star(CodePoints.TEXT.utf8(arena));
  }

  /**
   * Free text that ends the first time one of the endings is complete. Once the beginning that all
   * endings share is written, only they can follow.
   */
  Expression freeTextThenOneOf(List<String> endings) {
    return FreeText.of(new Endings(arena, endings).link(), 0, arena.epsilon, FreeText.UNBOUNDED);
  }

  /**
   * Free text that may end anywhere; but once the mark is written, only {@code follow} can come.
   */
  Expression freeTextUntil(String mark, Expression follow) {
    return FreeText.of(
        new Endings(arena, List.of(mark), follow, true).link(),
        0,
        arena.epsilon,
        FreeText.UNBOUNDED);
  }

  /**
   * Free text with an ending, where a sentence that begins with {@code beforeName} goes on with one
   * of the names and a character that is no part of a name. A sentence begins at the start and
   * after a full stop and a blank. Without names or a beginning there is no such rule.
   */
  Expression freeTextThenOneOf(List<String> endings, String beforeName, Collection<String> names) {
    if (names.isEmpty() || beforeName.isEmpty()) {
      return freeTextThenOneOf(endings);
    }
    Endings marks = new Endings(arena, endings);
    List<String> sentences = sentences(beforeName);
    sentences.forEach(marks::watch);
    marks.link();
    List<Expression> borders = new ArrayList<>();
    for (char border : AFTER_NAME.toCharArray()) {
      String text = String.valueOf(border);
      borders.add(seq(arena.literal(text), marks.textAfter(text)));
    }
    Expression name = seq(oneOf(names), arena.alt(borders));
    sentences.forEach(sentence -> marks.mark(sentence, name));
    return marks.textAfter(START);
  }

  /** How a sentence can begin that names something, {@link #START} standing for the beginning. */
  static List<String> sentences(String beforeName) {
    return List.of(START + beforeName, ". " + beforeName);
  }

  /** The same, with an ending begun after {@code maxBytes} of text at the latest. */
  Expression freeTextThenOneOf(List<String> endings, int maxBytes) {
    if (maxBytes < 0) {
      throw new IllegalArgumentException("maxBytes is " + maxBytes);
    }
    return FreeText.of(new Endings(arena, endings).link(), 0, arena.epsilon, maxBytes);
  }

  private static Expression bounded(Expression expression, String what) {
    if (expression.isDead()) {
      throw new IllegalArgumentException(what + " allows no text at all");
    }
    if (expression.shortest() > LONGEST) {
      throw new IllegalArgumentException(
          what + " allows no text shorter than " + LONGEST + " bytes");
    }
    return expression;
  }
}
