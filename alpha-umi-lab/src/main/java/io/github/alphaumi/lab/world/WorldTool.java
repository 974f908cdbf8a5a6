package io.github.alphaumi.lab.world;

import io.github.alphaumi.core.Effect;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
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
  record Result(String name, Kind kind, boolean several) {
    Result withKind(UnaryOperator<Kind> change) {
      return new Result(name, change.apply(kind), several);
    }
  }

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

  /** The same tool with other kinds of arguments and results. */
  WorldTool withKinds(UnaryOperator<Kind> change) {
    return new WorldTool(
        domain,
        nameWords,
        descriptions,
        effect,
        arguments.stream()
            .map(a -> new Argument(a.name(), change.apply(a.kind()), a.required(), a.clauses()))
            .toList(),
        results.stream().map(result -> result.withKind(change)).toList(),
        asks,
        hints,
        answers,
        failures,
        references.stream()
            .map(ref -> new Reference(ref.phrase(), ref.result().withKind(change)))
            .toList());
  }

  /** The same tool with this argument in place of the one of its name. */
  WorldTool withArgument(Argument changed) {
    return new WorldTool(
        domain,
        nameWords,
        descriptions,
        effect,
        arguments.stream().map(a -> a.name().equals(changed.name()) ? changed : a).toList(),
        results,
        asks,
        hints,
        answers,
        failures,
        references);
  }
}
