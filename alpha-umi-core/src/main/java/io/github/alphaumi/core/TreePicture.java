package io.github.alphaumi.core;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A search tree as a picture: steps go to the right, branches down. A node's row is that of its
 * first child, so that a chain is a straight line.
 */
final class TreePicture {
  private static final int COLUMN = 46;
  private static final int ROW = 34;
  private static final int RADIUS = 12;

  private final SearchTree tree;
  private final int[] rows;
  private final StringBuilder out = new StringBuilder();

  TreePicture(SearchTree tree) {
    this.tree = tree;
    rows = new int[tree.nodes().size()];
  }

  String svg() {
    int height = layOut();
    int deepest = tree.nodes().stream().mapToInt(SearchTree.Node::depth).max().orElse(0);
    Set<Integer> chosen = Set.copyOf(RunPage.chosen(tree));
    line(
        "<div class=\"map\" role=\"group\" aria-labelledby=\"map-title\" tabindex=\"0\"><svg"
            + " width=\"%d\" height=\"%d\" xmlns=\"http://www.w3.org/2000/svg\">",
        (deepest + 1) * COLUMN, height * ROW);
    for (SearchTree.Node node : tree.nodes()) {
      if (node.parent() >= 0) {
        edge(tree.node(node.parent()), node, chosen.contains(node.id()));
      }
    }
    tree.nodes().forEach(this::dot);
    line("</svg></div>");
    return out.toString();
  }

  /** Gives every node its row; children always come after their parents. */
  private int layOut() {
    int next = 1;
    int[] stack = new int[rows.length + 1];
    int top = 0;
    stack[top++] = 0;
    while (top > 0) {
      int id = stack[--top];
      List<SearchTree.Node> children = tree.children(id);
      boolean first = id == 0 || tree.children(tree.node(id).parent()).get(0).id() == id;
      rows[id] = id == 0 ? 0 : first ? rows[tree.node(id).parent()] : next++;
      for (int i = children.size() - 1; i >= 0; i--) {
        stack[top++] = children.get(i).id();
      }
    }
    return next;
  }

  private int x(SearchTree.Node node) {
    return node.depth() * COLUMN + COLUMN / 2;
  }

  private int y(SearchTree.Node node) {
    return rows[node.id()] * ROW + ROW / 2;
  }

  private void edge(SearchTree.Node from, SearchTree.Node to, boolean chosen) {
    int middle = (x(from) + x(to)) / 2;
    line(
        "<path%s d=\"M%d %dC%d %d %d %d %d %d\"/>",
        chosen ? " class=\"chosen\"" : "",
        x(from),
        y(from),
        middle,
        y(from),
        middle,
        y(to),
        x(to),
        y(to));
  }

  private void dot(SearchTree.Node node) {
    String label =
        Html.escape(
            node.parent() < 0
                ? NodeText.oneLine(tree.task(), 80)
                : node.id() + ". " + NodeText.oneLine(NodeText.action(node), 80));
    String target = node.parent() < 0 ? "nodes-title" : "node-" + node.id();
    line(
        "<a href=\"#%s\" class=\"%s\" aria-label=\"%s\"><title>%s</title><circle cx=\"%d\""
            + " cy=\"%d\" r=\"%d\"/><text x=\"%d\" y=\"%d\">%s</text></a>",
        target,
        RunPage.mood(node),
        label,
        label,
        x(node),
        y(node),
        RADIUS,
        x(node),
        y(node) + 4,
        node.parent() < 0 ? "•" : String.valueOf(node.id()));
  }

  private void line(String format, Object... values) {
    out.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
