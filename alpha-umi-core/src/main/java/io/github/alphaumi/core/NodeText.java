package io.github.alphaumi.core;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A node of a search tree in a few words. */
final class NodeText {
  private NodeText() {}

  /** What was done: the calls if there are any, else the plan. */
  static String action(SearchTree.Node node) {
    String calls =
        node.calls().stream()
            .flatMap(made -> made.call().stream())
            .map(ToolCall::toString)
            .collect(Collectors.joining("; "));
    return calls.isEmpty() ? node.decision().map(DecisionText::write).orElse("no decision") : calls;
  }

  /** What came of it: the answer, else what came back. */
  static Optional<String> outcome(SearchTree.Node node) {
    return node.answer()
        .or(
            () ->
                observations(node).stream()
                    .map(Observation::text)
                    .reduce((first, second) -> first + "; " + second));
  }

  /** What came back from the node's calls. */
  static List<Observation> observations(SearchTree.Node node) {
    return node.calls().stream().flatMap(made -> made.observation().stream()).toList();
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
