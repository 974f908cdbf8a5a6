package io.github.alphaumi.core;

import java.util.Locale;

/** A search tree as text of a Mermaid flowchart. */
final class MermaidText {
  /** Longer labels make boxes that no diagram can be read with. */
  private static final int LABEL = 60;

  private MermaidText() {}

  static String of(SearchTree tree) {
    StringBuilder out = new StringBuilder("flowchart TD\n");
    out.append("  n0([\"").append(label(tree.task())).append("\"])\n");
    for (SearchTree.Node node : tree.nodes()) {
      if (node.parent() < 0) {
        continue;
      }
      String id = "n" + node.id();
      out.append("  ").append(id).append("[\"").append(node.id()).append(". ");
      out.append(label(NodeText.action(node)));
      NodeText.outcome(node).ifPresent(text -> out.append("<br/>").append(label(text)));
      out.append("\"]:::").append(state(node)).append('\n');
      out.append("  n").append(node.parent()).append(" --> ").append(id).append('\n');
    }
    return out.append("  classDef answered stroke:#17754a,stroke-width:3px\n")
        .append("  classDef gave_up stroke:#b3261e\n")
        .append("  classDef cut stroke:#8a5a00\n")
        .append("  classDef stopped stroke:#8a5a00\n")
        .append("  classDef abandoned stroke-dasharray:4 3\n")
        .append("  classDef open stroke-width:1px\n")
        .toString();
  }

  private static String state(SearchTree.Node node) {
    return node.state().name().toLowerCase(Locale.ROOT);
  }

  /**
   * Mermaid reads marks, entities and Markdown in quoted labels too: what is no plain word goes.
   */
  private static String label(String text) {
    StringBuilder out = new StringBuilder();
    NodeText.oneLine(text, LABEL)
        .codePoints()
        .forEach(
            c -> {
              if (Html.isHidden(c)) {
                out.append(Html.name(c));
              } else if (Character.isLetterOrDigit(c)
                  || c > 0x7f
                  || " .,:-_/=+!?".indexOf(c) >= 0) {
                out.appendCodePoint(c);
              } else {
                out.append('#').append(c).append(';');
              }
            });
    return out.toString();
  }
}
