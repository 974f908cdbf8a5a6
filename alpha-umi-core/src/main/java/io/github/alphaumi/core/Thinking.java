package io.github.alphaumi.core;

/** What reasoning models write before their turn; decisions and calls in it do not count. */
final class Thinking {
  private static final String BEGIN = "<think>";
  private static final String END = "</think>";

  private Thinking() {}

  /** The text after its thoughts; nothing if it never got that far. */
  static String without(String text) {
    int end = text.lastIndexOf(END);
    if (end >= 0) {
      return text.substring(end + END.length());
    }
    return text.stripLeading().startsWith(BEGIN) ? "" : text;
  }
}
