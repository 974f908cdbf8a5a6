package io.github.alphaumi.lab.world;

import io.github.alphaumi.core.Effect;
import io.github.alphaumi.lab.world.WorldTool.Argument;
import io.github.alphaumi.lab.world.WorldTool.Result;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A request for one call.
 *
 * @param arguments those that the request itself gives
 * @param indirect whether it does not name what the tool does
 * @param wanted the one result that it asks for; empty where it asks for all
 * @param wantedWords the words that stand for that one
 */
record Asked(
    OfferedTool tool,
    Map<String, Object> arguments,
    Request request,
    boolean indirect,
    Optional<Result> wanted,
    String wantedWords) {
  private static final double HINT = 0.2;
  private static final double OPTION = 0.35;
  private static final int MOST_OPTIONS = 3;
  private static final double ONE_RESULT = 0.3;

  /** A request in one of the tool's ways, or in the words of its description. */
  static Asked draw(OfferedTool offered, Draws draws) {
    if (DescribedRequests.isNext(draws)) {
      Asked asked = of(offered, DescribedRequests.draw(offered, draws), false, Map.of(), draws);
      asked.request().inWordsOfDescription();
      return asked;
    }
    if (offered.tool().results().size() > 1
        && offered.tool().effect() == Effect.READ_ONLY
        && !offered.tool().references().isEmpty()
        && draws.chance(ONE_RESULT)) {
      return oneResult(offered, draws);
    }
    boolean indirect = draws.chance(HINT);
    Phrase phrase = draws.pick(indirect ? offered.tool().hints() : offered.tool().asks());
    return of(offered, phrase, indirect, Map.of(), draws);
  }

  /** "What is the delivery date of order A-4711": one of the things that the tool tells. */
  private static Asked oneResult(OfferedTool offered, Draws draws) {
    WorldTool.Reference reference = draws.pick(offered.tool().references());
    Map<String, Object> values = values(offered.tool(), Map.of(), draws);
    Request thing = fill(offered.tool(), reference.phrase(), values, Map.of(), draws);
    Phrase way = Phrase.parse(draws.line("reference-asks"));
    Request request =
        new Request()
            .words(way.literals().get(0))
            .add(thing)
            .words(way.literals().get(1))
            .asking(way.isQuestion());
    return new Asked(
        offered, values, request, false, Optional.of(reference.result()), thing.plain());
  }

  /**
   * @param references arguments that another call gives, with the words that stand for them
   */
  static Asked of(
      OfferedTool offered,
      Phrase phrase,
      boolean indirect,
      Map<String, Request> references,
      Draws draws) {
    Map<String, Object> values = values(offered.tool(), references, draws);
    Request request = fill(offered.tool(), phrase, values, references, draws);
    options(offered.tool(), values, request, draws);
    return new Asked(offered, values, request, indirect, Optional.empty(), "");
  }

  /** Values of the required arguments, except for those that another call gives. */
  static Map<String, Object> values(WorldTool tool, Map<String, Request> references, Draws draws) {
    Map<String, Object> values = new LinkedHashMap<>();
    List<String> days = new ArrayList<>();
    for (Argument argument : tool.required()) {
      if (!references.containsKey(argument.name())) {
        values.put(argument.name(), other(argument.kind(), values, draws));
        if (argument.kind() == WorldKind.DATE) {
          days.add(argument.name());
        }
      }
    }
    for (Argument argument : tool.required()) {
      String person = person(tool, values);
      if (argument.kind() == WorldKind.EMAIL
          && values.containsKey(argument.name())
          && !person.isEmpty()) {
        values.put(argument.name(), Emails.belongingTo(person, draws));
      }
    }
    // A stay begins before it ends: of several days the first argument is the earliest.
    List<Object> sorted = days.stream().map(values::get).sorted().collect(Collectors.toList());
    for (int i = 0; i < days.size(); i++) {
      values.put(days.get(i), sorted.get(i));
    }
    return values;
  }

  private static String person(WorldTool tool, Map<String, Object> values) {
    return tool.required().stream()
        .filter(a -> a.kind() == WorldKind.PERSON || a.kind() == WorldKind.FIRST_NAME)
        .filter(a -> values.containsKey(a.name()))
        .map(a -> String.valueOf(values.get(a.name())))
        .findFirst()
        .orElse("");
  }

  /** From somewhere to somewhere else: two arguments of a kind differ. */
  private static Object other(Kind kind, Map<String, Object> values, Draws draws) {
    Object drawn = kind.draw(draws);
    for (int i = 0; i < 10 && values.containsValue(drawn); i++) {
      drawn = kind.draw(draws);
    }
    return drawn;
  }

  static Request fill(
      WorldTool tool,
      Phrase phrase,
      Map<String, Object> values,
      Map<String, Request> references,
      Draws draws) {
    Request request = new Request().asking(phrase.isQuestion());
    for (int i = 0; i < phrase.slots().size(); i++) {
      String slot = phrase.slots().get(i);
      String before = phrase.literals().get(i);
      request.words(before);
      Request reference = references.get(slot);
      if (reference != null) {
        request.add(reference);
      } else {
        request.value(
            tool.argument(slot)
                .kind()
                .write(
                    Objects.requireNonNull(values.get(slot)),
                    draws,
                    before,
                    phrase.literals().get(i + 1)));
      }
    }
    return request.words(phrase.literals().get(phrase.slots().size()));
  }

  private static void options(
      WorldTool tool, Map<String, Object> values, Request request, Draws draws) {
    int options = 0;
    for (Argument argument : tool.optional()) {
      if (request.isClosed() || options == MOST_OPTIONS || !draws.chance(OPTION)) {
        continue;
      }
      Phrase clause = draws.pick(argument.clauses());
      if (clause.slots().isEmpty()) {
        List<Object> meant = meant(argument.kind(), clause.literals().get(0));
        if (meant.isEmpty()) {
          continue;
        }
        values.put(argument.name(), meant.get(0));
        request.words(" " + clause.literals().get(0));
      } else {
        Object value = argument.kind().draw(draws);
        values.put(argument.name(), value);
        String before = " " + clause.literals().get(0);
        request.words(before);
        request.value(argument.kind().write(value, draws, before, clause.literals().get(1)));
        request.words(clause.literals().get(1));
      }
      options++;
    }
  }

  /** What a clause without a place for the value says: one of the values, or that it is so. */
  private static List<Object> meant(Kind kind, String clause) {
    String words = clause.toLowerCase(Locale.ROOT);
    if (kind == WorldKind.YES) {
      return List.of(!words.matches("(?:without|no|not|don't|do not)\\b.*"));
    }
    List<Object> found = new ArrayList<>();
    if (kind instanceof Kind.OneOf list) {
      for (String value : list.values()) {
        String plain = value.replace('_', ' ').toLowerCase(Locale.ROOT);
        String other = list.otherWords().getOrDefault(value, value).toLowerCase(Locale.ROOT);
        if (words.contains(plain) || words.contains(other)) {
          found.add(value);
        }
      }
    }
    return found;
  }
}
