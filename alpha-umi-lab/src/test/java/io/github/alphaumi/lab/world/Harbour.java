package io.github.alphaumi.lab.world;

import com.google.common.io.Resources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A small world that no change of the real one touches. */
final class Harbour {
  static final ValueLists LISTS =
      new ValueLists(
          Map.ofEntries(
              Map.entry(
                  "companies",
                  List.of(
                      "Albatros", "Gull", "Heron", "Petrel", "Puffin", "Tern", "Skua", "Curlew")),
              Map.entry("openers", List.of("hello,", "Good day.", "ahoy,", "Ahoy!")),
              Map.entry(
                  "contexts",
                  List.of("The tide is out.", "It is foggy here.", "I stand on the quay.")),
              Map.entry("closers", List.of("Thanks.", ", please", "Ahoy!", ", captain")),
              Map.entry(
                  "description-leads",
                  List.of("Use this tool to {}", "[{domain}] {}", "Helps sailors {}")),
              Map.entry("description-notes", List.of("Mind the tide", "Works in fog")),
              Map.entry("afterthoughts", List.of("The gulls are loud.", "I have 2 oars.")),
              Map.entry("reference-asks", List.of("what is {}", "tell me {}", "{}", "I need {}")),
              Map.entry(
                  "about-asks",
                  List.of(
                      "it's about {thing}: {wish}", "{thing}: {wish}", "you see {thing}? {wish}")),
              Map.entry("name-prefixes", List.of("port", "sea", "quay")),
              Map.entry(
                  "extra-members",
                  List.of("tide ~ 1.#", "foggy ~ false", "log ~ null", "buoys ~ [#, #]")),
              Map.entry(
                  "extra-arguments",
                  List.of("anchor: boolean", "flag: string", "knots: number", "crew: list")),
              Map.entry(
                  "temporary-errors",
                  List.of("{} timed out", "no answer yet, try again", "the line is busy")),
              Map.entry(
                  "closed-errors",
                  List.of("closed for the winter", "closed by storm", "gone to sea")),
              Map.entry(
                  "small-talk",
                  List.of("ahoy | Ahoy!", "nice weather | Fair wind to you!", "thanks | Aye!"))));

  private Harbour() {}

  static List<String> lines() {
    try {
      return new ArrayList<>(
          Resources.readLines(
              Resources.getResource(Harbour.class, "harbour.txt"), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ToolWorld world() {
    return new ToolWorld(Split.TRAIN, List.of(DomainReader.read("harbour", lines())), LISTS);
  }
}
