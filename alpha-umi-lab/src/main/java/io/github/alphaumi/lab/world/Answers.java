package io.github.alphaumi.lab.world;

import io.github.alphaumi.core.Effect;
import io.github.alphaumi.core.PythonJson;
import io.github.alphaumi.lab.world.WorldTool.Argument;
import io.github.alphaumi.lab.world.WorldTool.Result;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is said of results: all of them, and the same way wherever the same things came back. Most
 * of it is in words of the observation alone, because those are all that a model has of a tool that
 * it never saw; a small part in the words of the tool's file. Values stand as the observation has
 * them.
 */
final class Answers {
  private static final double IN_OWN_WORDS = 0.08;
  private static final int MOST_IN_A_SENTENCE = 3;

  private final Draws draws;

  Answers(Draws draws) {
    this.draws = draws;
  }

  /** All that a call brought. */
  String all(OfferedTool offered, Map<String, Object> arguments, Map<String, Object> results) {
    WorldTool tool = offered.tool();
    Phrase fullest = tool.answers().get(0);
    for (Phrase answer : tool.answers()) {
      if (told(answer, results) > told(fullest, results)) {
        fullest = answer;
      }
    }
    boolean odd =
        tool.arguments().stream().anyMatch(Answers::isOdd)
            || told(fullest, results) < results.size();
    if (!odd && draws.chance(IN_OWN_WORDS)) {
      return filled(fullest, arguments, results);
    }
    String told = told(results);
    return tool.effect() == Effect.READ_ONLY ? told : "Done. " + told;
  }

  /**
   * All that one of several calls of a tool brought, with the value that tells it from the others.
   */
  String all(
      OfferedTool offered,
      Map<String, Object> arguments,
      Map<String, Object> results,
      Object different) {
    String subject = spoken(different);
    String answer = all(offered, arguments, results);
    return answer.contains(subject) ? answer : "For " + subject + ": " + pairs(results, " ") + ".";
  }

  /** Sentences of the file are not made for lists and constants. */
  private static boolean isOdd(Argument argument) {
    return argument.kind() instanceof Kind.Several || isConstant(argument);
  }

  private static boolean isConstant(Argument argument) {
    return argument.kind() instanceof Kind.OneOf list
        && list.values().stream().allMatch(Kind.OneOf::isConstant);
  }

  /** The one thing that was asked for, in the words of the request, and then the rest. */
  String one(Asked asked, Result wanted, Map<String, Object> results) {
    Object value = Objects.requireNonNull(results.get(wanted.name()));
    String first =
        Request.capital(asked.wantedWords())
            + (value instanceof Boolean ? ": " : several(value) ? " are " : " is ")
            + spoken(value)
            + ".";
    Map<String, Object> rest = new LinkedHashMap<>(results);
    rest.remove(wanted.name());
    return rest.isEmpty() ? first : first + " " + told(rest);
  }

  /** A result that the next call took. */
  static String between(String name, Object value) {
    return "The " + name + " is " + spoken(value) + ".";
  }

  private static String told(Map<String, Object> results) {
    boolean sentence =
        results.size() <= MOST_IN_A_SENTENCE
            && results.entrySet().stream()
                .allMatch(result -> fitsSentence(result.getKey(), result.getValue()));
    if (!sentence) {
      return Request.capital(pairs(results, ": ")) + ".";
    }
    List<String> parts = new ArrayList<>();
    results.forEach(
        (name, value) ->
            parts.add("the " + name + (several(value) ? " are " : " is ") + spoken(value)));
    return Request.capital(ToolDescriptions.joined(parts)) + ".";
  }

  /** "The status is shipped" and "the flights are A, B" read well, "the songs is 13" does not. */
  private static boolean fitsSentence(String name, Object value) {
    return Nouns.isNoun(name)
        && !(value instanceof Boolean)
        && (several(value) || !Nouns.isPlural(name));
  }

  private static boolean several(Object value) {
    return value instanceof List<?> list && list.size() != 1;
  }

  private static String pairs(Map<String, Object> results, String between) {
    return results.entrySet().stream()
        .map(result -> result.getKey() + between + spoken(result.getValue()))
        .collect(Collectors.joining(", "));
  }

  private static String filled(
      Phrase answer, Map<String, Object> arguments, Map<String, Object> results) {
    StringBuilder sentence = new StringBuilder(Request.capital(answer.literals().get(0)));
    for (int i = 0; i < answer.slots().size(); i++) {
      String slot = answer.slots().get(i);
      Object value = results.containsKey(slot) ? results.get(slot) : arguments.get(slot);
      sentence.append(spoken(value)).append(answer.literals().get(i + 1));
    }
    return sentence.toString();
  }

  private static long told(Phrase answer, Map<String, Object> results) {
    return answer.slots().stream().filter(results::containsKey).distinct().count();
  }

  /** As the observation has it, because a model that copies does not err. */
  static String spoken(@Nullable Object value) {
    if (value instanceof List<?> list) {
      return list.stream().map(Answers::spoken).collect(Collectors.joining(", "));
    }
    if (value instanceof Boolean yes) {
      return yes ? "yes" : "no";
    }
    return value instanceof String text ? text : PythonJson.write(value);
  }
}
