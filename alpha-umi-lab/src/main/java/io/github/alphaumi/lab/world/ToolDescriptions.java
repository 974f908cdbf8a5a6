package io.github.alphaumi.lab.world;

import io.github.alphaumi.lab.world.WorldTool.Argument;
import io.github.alphaumi.lab.world.WorldTool.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Descriptions as different as services write them: one sentence or several, with a lead before
 * what the tool does ("Use this tool to ..."), other words for it, what it needs and gives, and
 * notes that say nothing about it.
 */
final class ToolDescriptions {
  private static final double LONGER = 0.6;
  private static final double LED = 0.45;
  private static final double TWICE = 0.3;
  private static final double NEEDS = 0.25;
  private static final double GIVES = 0.3;
  private static final double NOTE = 0.3;
  private static final int MOST_NOTES = 2;

  private final Draws draws;

  ToolDescriptions(Draws draws) {
    this.draws = draws;
  }

  /**
   * @param told what the tool does, one imperative sentence or the words of its name
   */
  String of(WorldTool tool, String told) {
    if (!draws.chance(LONGER)) {
      return told;
    }
    List<String> sentences = new ArrayList<>();
    sentences.add(draws.chance(LED) ? led(tool, told) : told);
    List<String> others = tool.descriptions().stream().filter(text -> !text.equals(told)).toList();
    if (!others.isEmpty() && draws.chance(TWICE)) {
      sentences.add(draws.pick(others));
    }
    needs(tool, sentences);
    gives(tool, sentences);
    for (int i = 0; i < MOST_NOTES; i++) {
      if (draws.chance(NOTE)) {
        sentences.add(draws.line("description-notes"));
      }
    }
    return sentences.stream().distinct().collect(Collectors.joining(". "));
  }

  /** What it does as a part of another sentence, in which it begins with a small letter. */
  private String led(WorldTool tool, String told) {
    String lead = draws.line("description-leads");
    String small = told.substring(0, 1).toLowerCase(Locale.ROOT) + told.substring(1);
    boolean begins = lead.matches(".*[:.\\]] \\{}.*");
    return lead.replace("{domain}", tool.domain().replace('-', ' '))
        .replace("{}", begins ? told : small);
  }

  private void needs(WorldTool tool, List<String> sentences) {
    List<String> needs =
        tool.required().stream().map(Argument::name).map(ToolDescriptions::the).toList();
    if (!needs.isEmpty() && draws.chance(NEEDS)) {
      sentences.add(
          draws.pick(List.of("Needs ", "Requires ", "Takes ", "Expects ", "Input: "))
              + joined(needs));
    }
  }

  private void gives(WorldTool tool, List<String> sentences) {
    List<String> gives =
        tool.results().stream()
            .map(Result::name)
            .filter(Nouns::isNoun)
            .map(ToolDescriptions::the)
            .toList();
    if (!gives.isEmpty() && draws.chance(GIVES)) {
      sentences.add(
          draws.pick(List.of("Returns ", "Gives back ", "The result has ", "Output: "))
              + joined(gives));
    }
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
