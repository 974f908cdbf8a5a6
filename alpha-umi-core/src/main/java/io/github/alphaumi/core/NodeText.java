package io.github.alphaumi.core;

import java.util.Optional;

/** A node of a search tree in a few words. */
final class NodeText {
  private NodeText() {}

  /** What was done: the call if there is one, else the plan. */
  static String action(SearchTree.Node node) {
    return node.call()
        .map(ToolCall::toString)
        .or(() -> node.decision().map(DecisionText::write))
        .orElse("no decision");
  }

  /** What came of it: the answer, else what came back. */
  static Optional<String> outcome(SearchTree.Node node) {
    return node.answer().or(() -> node.observation().map(Observation::text));
  }

  /** The text on one line, cut with an ellipsis where it is longer than that many characters. */
  static String oneLine(String text, int most) {
    StringBuilder line = new StringBuilder();
    int characters = 0;
    boolean gap = false;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (Character.isWhitespace(c)) {
        gap = characters > 0;
        continue;
      }
      if (characters + (gap ? 1 : 0) >= most) {
        return line.append('…').toString();
      }
      characters += gap ? 2 : 1;
      line.append(gap ? " " : "").appendCodePoint(c);
      gap = false;
    }
    return line.toString();
  }
}
