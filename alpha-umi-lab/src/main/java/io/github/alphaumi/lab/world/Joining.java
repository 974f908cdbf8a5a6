package io.github.alphaumi.lab.world;

import io.github.alphaumi.lab.world.WorldTool.Argument;
import java.util.List;
import java.util.Map;

/** How people put several wishes into one request. */
final class Joining {
  private static final List<String> STATEMENTS =
      List.of(
          " and ",
          ", and ",
          " and also ",
          "; ",
          ", then ",
          ", and then ",
          ", plus ",
          " & ",
          ", btw ",
          " - and ",
          " then ");
  private static final List<String> SENTENCES =
      List.of(
          " ",
          " And ",
          " Also, ",
          " Then ",
          " Another thing: ",
          " Besides, ",
          " Oh, and ",
          " By the way, ",
          " Btw, ",
          " One more thing: ",
          " Plus, ",
          " And then: ",
          " After that, ");
  private static final List<String> AGAIN =
      List.of(
          "and {}",
          "what about {}",
          "how about {}",
          "and for {}",
          "the same for {}",
          "same with {} please",
          "now {}",
          "and what of {}",
          "{} too please",
          "do {} as well");

  private Joining() {}

  /** Two wishes that have nothing to do with each other. */
  static Request independent(Request first, Request second, Draws draws) {
    Request joined = new Request();
    boolean questions = first.isQuestion() || second.isQuestion();
    if (questions ? draws.chance(0.3) : draws.chance(0.65)) {
      joined
          .add(first)
          .words(questions ? draws.pick(List.of(" and ", ", and ")) : draws.pick(STATEMENTS));
      return joined.add(second).asking(second.isQuestion());
    }
    return sentences(joined, first, second, draws);
  }

  private static Request sentences(Request joined, Request first, Request second, Draws draws) {
    String between = draws.pick(SENTENCES);
    joined.add(first.ended()).words(between);
    joined.add(between.equals(" ") ? second.capitalized() : second);
    return joined.asking(second.isQuestion());
  }

  /** A wish and what is to be done with what comes of it. */
  static Request dependent(Request first, Request second, Draws draws) {
    Request joined = new Request();
    if (first.isQuestion()) {
      joined
          .add(first.ended())
          .words(draws.pick(List.of(" Then ", " And ", " After that ", " Next, ")));
    } else {
      joined
          .add(first)
          .words(
              draws.pick(
                  List.of(" and ", ", then ", " and then ", ", and ", ". Then ", "; then ")));
    }
    return joined.add(second).asking(second.isQuestion());
  }

  /** What is meant first, then the wish, which speaks of it. */
  static Request about(Request thing, Request wish, Draws draws) {
    Phrase way = Phrase.parse(draws.line("about-asks"));
    String between = way.literals().get(1);
    boolean sentence = between.matches("(?s).*[.?] ?");
    return new Request()
        .words(way.literals().get(0))
        .add(thing)
        .words(between)
        .add(sentence ? wish.capitalized() : wish)
        .words(way.literals().get(2))
        .asking(wish.isQuestion());
  }

  /** One wish for two values of an argument. */
  static Request coordinated(
      WorldTool tool,
      Phrase phrase,
      Argument varied,
      Map<String, Object> first,
      Object other,
      Draws draws) {
    Kind kind = varied.kind();
    if (draws.chance(0.6)) {
      int at = phrase.slots().indexOf(varied.name());
      String before = phrase.literals().get(at);
      String after = phrase.literals().get(at + 1);
      Request both =
          new Request()
              .value(kind.write(first.getOrDefault(varied.name(), other), draws, before, after))
              .words(draws.pick(List.of(" and ", " and ", " as well as ", " and also ")))
              .value(kind.write(other, draws, before, after));
      return Asked.fill(tool, phrase, first, Map.of(varied.name(), both), draws);
    }
    Request request = Asked.fill(tool, phrase, first, Map.of(), draws);
    boolean question = request.isQuestion() && draws.chance(0.6);
    if (question) {
      request
          .ended()
          .words(draws.pick(List.of(" And ", " And for ", " What about ", " Same question for ")));
    } else {
      request.words(
          draws.pick(
              List.of(
                  ", and the same for ",
                  " and likewise for ",
                  ", same for ",
                  ", then for ",
                  " - and again for ")));
    }
    return request.value(kind.write(other, draws, "for ", "")).asking(question);
  }

  /** The wish before, for another value. */
  static Request again(Kind kind, Object value, Draws draws) {
    Phrase phrase = Phrase.parse(draws.pick(AGAIN));
    return new Request()
        .words(phrase.literals().get(0))
        .value(kind.write(value, draws, phrase.literals().get(0), phrase.literals().get(1)))
        .words(phrase.literals().get(1))
        .asking(phrase.isQuestion() || phrase.literals().get(0).startsWith("and"));
  }
}
