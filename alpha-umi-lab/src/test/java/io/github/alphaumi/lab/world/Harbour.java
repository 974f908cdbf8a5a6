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
          Map.of(
              "companies",
              List.of("Albatros", "Gull", "Heron", "Petrel", "Puffin", "Tern", "Skua", "Curlew"),
              "openers",
              List.of("hello,", "Good day.", "ahoy,", "Ahoy!"),
              "contexts",
              List.of("The tide is out.", "It is foggy here.", "I stand on the quay."),
              "closers",
              List.of("Thanks.", ", please", "Ahoy!", ", captain"),
              "temporary-errors",
              List.of("{} timed out", "no answer yet, try again", "the line is busy"),
              "closed-errors",
              List.of("closed for the winter", "closed by storm", "gone to sea"),
              "small-talk",
              List.of("ahoy | Ahoy!", "nice weather | Fair wind to you!", "thanks | Aye!")));

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
