package io.github.alphaumi.lab.world;

import io.github.alphaumi.lab.world.WorldTool.Argument;
import io.github.alphaumi.lab.world.WorldTool.Result;
import java.util.List;
import java.util.stream.Collectors;

/** Descriptions as different as services write them: from the name's words to two sentences. */
final class ToolDescriptions {
  private static final double NAME_ONLY = 0.08;
  private static final double LONGER = 0.25;

  private final Draws draws;

  ToolDescriptions(Draws draws) {
    this.draws = draws;
  }

  String of(WorldTool tool, String description) {
    if (draws.chance(NAME_ONLY)) {
      return Request.capital(tool.name());
    }
    if (!draws.chance(LONGER)) {
      return description;
    }
    String needs =
        joined(tool.required().stream().map(Argument::name).map(ToolDescriptions::the).toList());
    String gives =
        joined(
            tool.results().stream()
                .map(Result::name)
                .filter(Nouns::isNoun)
                .map(ToolDescriptions::the)
                .toList());
    if (needs.isEmpty() || !gives.isEmpty() && draws.chance(0.5)) {
      return gives.isEmpty()
          ? description
          : description
              + draws.pick(List.of(". Returns ", ". Gives back ", ". The result has "))
              + gives;
    }
    return description
        + draws.pick(List.of(". Needs ", ". Requires ", ", given ", ". Takes ", ". Expects "))
        + needs
        + (gives.isEmpty() || draws.chance(0.6) ? "" : ". Returns " + gives);
  }

  private static String the(String name) {
    return "the " + name;
  }

  static String joined(List<String> words) {
    int last = words.size() - 1;
    return last < 1
        ? String.join("", words)
        : words.subList(0, last).stream().collect(Collectors.joining(", "))
            + " and "
            + words.get(last);
  }
}
