package io.github.alphaumi.lab.world;

import io.github.alphaumi.core.Effect;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A tool as a domain file describes it.
 *
 * @param nameWords the words of its name, each with its alternatives, the usual one first
 * @param asks what a person writes to get this
 * @param hints what a person writes who does not name what the tool does
 */
record WorldTool(
    String domain,
    List<List<String>> nameWords,
    List<String> descriptions,
    Effect effect,
    List<Argument> arguments,
    List<Result> results,
    List<Phrase> asks,
    List<Phrase> hints,
    List<Phrase> answers,
    List<String> failures,
    List<Reference> references) {

  /**
   * An argument.
   *
   * @param clauses for an optional one, how a request asks for it; a required one has none
   */
  record Argument(String name, Kind kind, boolean required, List<Phrase> clauses) {}

  /**
   * A member of what comes back.
   *
   * @param several whether it is a list of such values
   */
  record Result(String name, Kind kind, boolean several) {}

  /** Words that stand for a result. */
  record Reference(Phrase phrase, Result result) {}

  /** The name made of the usual words. */
  String name() {
    return nameWords.stream().map(words -> words.get(0)).collect(Collectors.joining(" "));
  }

  /** Every name that its alternatives make, words separated by blanks. */
  List<String> names() {
    List<String> names = List.of("");
    for (List<String> words : nameWords) {
      List<String> longer = new ArrayList<>();
      for (String name : names) {
        words.forEach(word -> longer.add((name + " " + word).strip()));
      }
      names = longer;
    }
    return names;
  }

  List<Argument> required() {
    return arguments.stream().filter(Argument::required).toList();
  }

  List<Argument> optional() {
    return arguments.stream().filter(argument -> !argument.required()).toList();
  }

  Argument argument(String name) {
    return arguments.stream().filter(a -> a.name().equals(name)).findFirst().orElseThrow();
  }
}
