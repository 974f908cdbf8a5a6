package io.github.alphaumi.lab.world;

import java.util.Set;

/** Which names of members read well behind "the". */
final class Nouns {
  private static final Set<String> NO_NOUNS =
      Set.of(
          "at",
          "on",
          "by",
          "from",
          "to",
          "until",
          "since",
          "for",
          "in",
          "of",
          "with",
          "as",
          "starts",
          "ends",
          "opens",
          "closes",
          "leaves",
          "arrives",
          "costs",
          "turns",
          "runs",
          "where",
          "when",
          "who",
          "what",
          "due",
          "left",
          "free",
          "open",
          "given",
          "told",
          "done",
          "made",
          "lived",
          "here",
          "published",
          "informed",
          "protected",
          "weighed",
          "valid",
          "late",
          "lasts",
          "reached",
          "ready",
          "expected",
          "needed",
          "received",
          "finished",
          "cheapest",
          "held",
          "booked",
          "sent",
          "issued",
          "paid",
          "used",
          "saved",
          "remaining");

  private Nouns() {}

  static boolean isNoun(String name) {
    String[] words = name.split(" ");
    String last = words[words.length - 1];
    boolean participle = last.endsWith("ed") || last.endsWith("ing");
    return !participle && !NO_NOUNS.contains(last) && !NO_NOUNS.contains(words[0])
        || isDated(words);
  }

  /** Whether it speaks of several: "songs", not "address" or "status". */
  static boolean isPlural(String name) {
    return name.matches("(?:\\w+[^sui]s\\b.*|.*[^sui]s)");
  }

  /** "Due date", "opening time". */
  private static boolean isDated(String[] words) {
    String last = words[words.length - 1];
    return words.length > 1 && Set.of("date", "day", "time", "number", "amount").contains(last);
  }
}
