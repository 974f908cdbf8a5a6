package io.github.alphaumi.tools;

import com.google.common.collect.Sets;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.json.JsonEnumSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import io.github.alphaumi.core.Effect;
import io.github.alphaumi.core.Toolbox;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;

/**
 * Looks at tools as a small model will: how much there is to read, what does not say what it is
 * for, and what is easily taken for something else.
 *
 * <pre>{@code
 * System.out.println(ToolTester.check(AnnotatedTools.of(orders)));
 * }</pre>
 */
public final class ToolTester {
  /** Two tools that share more of their words than this read alike. */
  private static final double ALIKE = 0.6;

  private static final int MANY_TOOLS = 10;
  private static final int MANY_ARGUMENTS = 6;
  private static final int MANY_CHOICES = 20;
  private static final int SHORT_DESCRIPTION = 2;
  private static final int LONG_DESCRIPTION = 40;

  private ToolTester() {}

  /**
   * Advice on one tool.
   *
   * @param tool its name, or empty where all of them are meant
   * @param text what is the matter and what to do
   */
  public record Advice(String tool, String text) {
    @Override
    public String toString() {
      return tool.isEmpty() ? text : tool + ": " + text;
    }
  }

  /**
   * What was found.
   *
   * @param tokens what each tool's document costs in each prompt, by name, in order
   * @param advice empty if there is nothing to say
   */
  public record Report(Map<String, Integer> tokens, List<Advice> advice) {

    public Report {
      tokens = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(tokens));
      advice = List.copyOf(advice);
    }

    /** What all documents cost together in each prompt. */
    public int total() {
      return tokens.values().stream().mapToInt(Integer::intValue).sum();
    }

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder();
      text.append(
          String.format(
              Locale.ROOT, "%d tools, about %,d tokens in each prompt%n", tokens.size(), total()));
      tokens.forEach(
          (tool, cost) -> text.append(String.format(Locale.ROOT, "%6d  %s%n", cost, tool)));
      advice.forEach(line -> text.append("- ").append(line).append(System.lineSeparator()));
      return text.toString();
    }
  }

  /** Counts a token for every four characters, as it is with most English text. */
  public static Report check(Toolbox tools) {
    return check(tools, text -> (text.length() + 3) / 4);
  }

  /**
   * @param countTokens how many tokens of the model in use a text has
   */
  public static Report check(Toolbox tools, ToIntFunction<String> countTokens) {
    List<ToolSpecification> all = tools.specifications();
    Map<String, Integer> tokens = new java.util.LinkedHashMap<>();
    List<Advice> advice = new ArrayList<>();
    for (ToolSpecification tool : all) {
      tokens.put(tool.name(), countTokens.applyAsInt(tool.toJson()));
      advice.addAll(about(tool, tools.effect(tool.name())));
    }
    advice.addAll(alike(all));
    if (all.size() > MANY_TOOLS) {
      advice.add(
          new Advice(
              "",
              "a small model chooses well among about "
                  + MANY_TOOLS
                  + " tools, and these are "
                  + all.size()
                  + "; show it those that fit the task by ToolSearch, or split the agent"));
    }
    return new Report(tokens, advice);
  }

  private static List<Advice> about(ToolSpecification tool, Effect effect) {
    List<Advice> advice = new ArrayList<>();
    String name = tool.name();
    String description = tool.description() == null ? "" : tool.description().strip();
    int words = description.isEmpty() ? 0 : description.split("\\s+").length;
    if (words == 0) {
      advice.add(new Advice(name, "it has no description; say in @Tool what it is for"));
    } else if (words < SHORT_DESCRIPTION) {
      advice.add(new Advice(name, "its description is one word; say what goes in and comes out"));
    } else if (words > LONG_DESCRIPTION) {
      advice.add(
          new Advice(
              name,
              "its description has "
                  + words
                  + " words; the first "
                  + LONG_DESCRIPTION
                  + " are what a small model goes by"));
    }
    if (effect == Effect.EFFECTFUL && looksReadOnly(name)) {
      advice.add(
          new Advice(
              name,
              "its name sounds as if it only reads, but it counts as effectful; with"
                  + " @Policy(effect = READ_ONLY) searches may repeat it and failures be retried"));
    }
    if (tool.parameters() == null) {
      return advice;
    }
    Map<String, JsonSchemaElement> parameters = tool.parameters().properties();
    if (parameters.size() > MANY_ARGUMENTS) {
      advice.add(
          new Advice(
              name,
              "it has "
                  + parameters.size()
                  + " arguments; give defaults to those that are seldom asked for, or make two"
                  + " tools of it"));
    }
    parameters.forEach(
        (parameter, schema) -> {
          if (parameter.length() == 1 || parameter.matches("arg\\d+|param\\d*|value|data|input")) {
            advice.add(
                new Advice(name, "the argument " + parameter + " does not say what it is by name"));
          }
          if (schema instanceof JsonEnumSchema choices
              && choices.enumValues().size() > MANY_CHOICES) {
            advice.add(
                new Advice(
                    name,
                    "the argument "
                        + parameter
                        + " has "
                        + choices.enumValues().size()
                        + " choices, which are in every prompt; take text and look it up"));
          }
        });
    return advice;
  }

  private static boolean looksReadOnly(String name) {
    return name.matches("(get|find|list|search|lookup|count|show|read|is|has)([A-Z_].*)?");
  }

  private static List<Advice> alike(List<ToolSpecification> tools) {
    List<Set<String>> words = tools.stream().map(ToolTester::words).toList();
    List<Advice> advice = new ArrayList<>();
    for (int i = 0; i < tools.size(); i++) {
      for (int j = 0; j < i; j++) {
        int shared = Sets.intersection(words.get(i), words.get(j)).size();
        int all = Sets.union(words.get(i), words.get(j)).size();
        if (all > 0 && shared >= ALIKE * all) {
          advice.add(
              new Advice(
                  tools.get(i).name(),
                  "it reads like "
                      + tools.get(j).name()
                      + "; say in both descriptions when to take which"));
        }
      }
    }
    return advice;
  }

  private static Set<String> words(ToolSpecification tool) {
    return Set.copyOf(WordIndex.stems(ToolIndex.document(tool)));
  }
}
