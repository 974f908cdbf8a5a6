package io.github.alphaumi.lab.world;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/** What two parts of the world have in common that tests of unseen tools must not. */
final class Overlaps {
  private static final int TELLING_WORDS = 4;

  private Overlaps() {}

  static List<String> between(List<Domain> train, List<Domain> heldOut) {
    List<String> overlaps = new ArrayList<>();
    add("domain", train, heldOut, domain -> Stream.of(domain.name()), overlaps);
    add("tool name", train, heldOut, tools(tool -> tool.names().stream()), overlaps);
    add(
        "description",
        train,
        heldOut,
        tools(tool -> tool.descriptions().stream().map(text -> text.toLowerCase(Locale.ROOT))),
        overlaps);
    add(
        "argument name",
        train,
        heldOut,
        tools(tool -> tool.arguments().stream().map(WorldTool.Argument::name)),
        overlaps);
    add(
        "request",
        train,
        heldOut,
        tools(
            tool ->
                Stream.concat(tool.asks().stream(), tool.hints().stream())
                    .filter(Overlaps::tells)
                    .map(Phrase::words)),
        overlaps);
    return overlaps;
  }

  /** Whether it has words enough to be of one domain: "give {} to {}" is of all of them. */
  private static boolean tells(Phrase phrase) {
    return phrase.words().replaceAll("[^a-z]+", " ").strip().split(" ").length >= TELLING_WORDS;
  }

  private static Function<Domain, Stream<String>> tools(Function<WorldTool, Stream<String>> texts) {
    return domain -> domain.tools().stream().flatMap(texts);
  }

  private static void add(
      String what,
      List<Domain> train,
      List<Domain> heldOut,
      Function<Domain, Stream<String>> texts,
      List<String> overlaps) {
    Map<String, String> known = new HashMap<>();
    train.forEach(domain -> texts.apply(domain).forEach(text -> known.put(text, domain.name())));
    for (Domain domain : heldOut) {
      texts
          .apply(domain)
          .distinct()
          .filter(known::containsKey)
          .forEach(
              text ->
                  overlaps.add(
                      what
                          + " '"
                          + text
                          + "' is in held-out/"
                          + domain.name()
                          + ".txt and in train/"
                          + known.get(text)
                          + ".txt; change it in one of them"));
    }
  }
}
