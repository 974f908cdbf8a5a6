package io.github.alphaumi.core;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The nodes of a tree as a flat list of things to open, each before what continues it. Branches are
 * indented, steps of a chain are not; the elements do not nest, because browsers give up on deep
 * nesting long before searches do.
 */
final class NodeList {
  /** Branches below this level are indented no further: the text needs room as well. */
  private static final int DEEPEST = 14;

  private final RunReport report;
  private final StringBuilder out;

  NodeList(RunReport report, StringBuilder out) {
    this.report = report;
    this.out = out;
  }

  /** A node and how far it is indented. */
  private record Entry(SearchTree.Node node, int level) {}

  /**
   * @param prefix of the elements' ids; those of agents that a node asked continue its own
   */
  void write(SearchTree tree, String prefix) {
    Set<Integer> chosen = Set.copyOf(RunPage.chosen(tree));
    long total =
        Math.max(
            1,
            tree.nodes().stream()
                .mapToLong(node -> node.started().plus(node.time()).toNanos())
                .max()
                .orElse(1));
    line("<ol class=\"nodes\">");
    Deque<Entry> open = new ArrayDeque<>();
    push(open, tree.children(0), 0);
    if (!tree.root().models().isEmpty()) {
      open.push(new Entry(tree.root(), 0));
    }
    while (!open.isEmpty()) {
      Entry entry = open.pop();
      SearchTree.Node node = entry.node;
      item(tree, entry, prefix, chosen.contains(node.id()), total);
      if (node.id() != 0) {
        push(open, tree.children(node.id()), entry.level);
      }
    }
    line("</ol>");
  }

  private static void push(Deque<Entry> open, List<SearchTree.Node> children, int level) {
    for (int i = children.size() - 1; i >= 0; i--) {
      open.push(
          new Entry(children.get(i), children.size() > 1 ? Math.min(DEEPEST, level + 1) : level));
    }
  }

  private void item(SearchTree tree, Entry entry, String prefix, boolean chosen, long total) {
    SearchTree.Node node = entry.node;
    String id = prefix + node.id();
    line(
        "<li id=\"%s\"%s style=\"--level:%d\"><details class=\"node %s\">",
        id, chosen ? " class=\"chosen\"" : "", entry.level, RunPage.mood(node));
    summary(node, total);
    line("<div class=\"inside\">");
    facts(node, prefix);
    node.decision().ifPresent(decision -> block("plan", DecisionText.write(decision)));
    for (int i = 0; i < node.calls().size(); i++) {
      call(node.calls().get(i), node.calls().size() == 1 ? "" : " " + (i + 1));
    }
    node.answer().ifPresent(answer -> block("answer", answer));
    repairs(node);
    models(node);
    exchanges(tree, node);
    for (int i = 0; i < node.agents().size(); i++) {
      agent(node.agents().get(i), id + "-agent-" + i + "-");
    }
    line("</div></details></li>");
  }

  private void call(SearchTree.Call made, String number) {
    made.call().ifPresent(call -> block("call" + number, call.toString()));
    made.observation()
        .ifPresent(
            observation ->
                block(
                    "observation" + number + ": " + ReportJson.lower(observation.status()),
                    observation.text()));
  }

  private void summary(SearchTree.Node node, long total) {
    int tokens = node.models().stream().mapToInt(call -> call.use().outputTokens()).sum();
    String mark =
        NodeText.observations(node).stream()
            .filter(Observation::isError)
            .map(
                error ->
                    " <span class=\"badge bad\">" + ReportJson.lower(error.status()) + "</span>")
            .distinct()
            .collect(Collectors.joining());
    String repaired = node.repairs().isEmpty() ? "" : " <span class=\"badge warn\">repaired</span>";
    line(
        "<summary tabindex=\"0\"><span class=\"soft\">%d</span><span class=\"what\" dir=\"auto\">%s%s%s</span>"
            + "<span><span class=\"badge %s\">%s</span></span>"
            + "<svg class=\"lane\" aria-hidden=\"true\"><rect x=\"%.2f%%\" width=\"%.2f%%\""
            + " height=\"100%%\"/></svg>"
            + "<span class=\"num\">%s ms</span><span class=\"num\">%s written</span></summary>",
        node.id(),
        Html.escape(NodeText.oneLine(headline(node), 300)),
        mark,
        repaired,
        RunPage.mood(node),
        node.state().name().toLowerCase(Locale.ROOT).replace('_', ' '),
        100.0 * node.started().toNanos() / total,
        Math.max(0.5, 100.0 * node.time().toNanos() / total),
        RunPage.millis(node.time()),
        RunPage.number(tokens));
  }

  private static String headline(SearchTree.Node node) {
    String action = node.id() == 0 ? "the task itself" : NodeText.action(node);
    return NodeText.outcome(node).map(text -> action + " → " + text).orElse(action);
  }

  private void facts(SearchTree.Node node, String prefix) {
    String after =
        node.parent() > 0
            ? String.format(
                Locale.ROOT,
                "after <a href=\"#%s%d\">node %d</a>, ",
                prefix,
                node.parent(),
                node.parent())
            : "";
    String score =
        Double.isNaN(node.score()) ? "" : String.format(Locale.ROOT, ", score %.3f", node.score());
    line(
        "<p class=\"soft\">%sstep %d, begun at %s ms, took %s ms%s</p>",
        after, node.depth(), RunPage.millis(node.started()), RunPage.millis(node.time()), score);
  }

  private void repairs(SearchTree.Node node) {
    if (!node.repairs().isEmpty()) {
      line("<h3>repairs</h3><ul>");
      node.repairs().forEach(how -> line("<li dir=\"auto\">%s</li>", Html.escape(how)));
      line("</ul>");
    }
  }

  private void models(SearchTree.Node node) {
    if (node.models().isEmpty()) {
      return;
    }
    line(
        "<h3>model calls</h3><table><tr><th>role</th><th>read</th><th>cached</th><th>written</th>"
            + "<th>reading ms</th><th>writing ms</th></tr>");
    for (SearchTree.ModelCall call : node.models()) {
      ModelUse use = call.use();
      line(
          "<tr><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>",
          ReportJson.lower(call.role()),
          RunPage.number(use.inputTokens() - use.cachedTokens()),
          RunPage.number(use.cachedTokens()),
          RunPage.number(use.outputTokens()),
          RunPage.millis(use.prefill()),
          RunPage.millis(use.decode()));
    }
    line("</table>");
  }

  private void exchanges(SearchTree tree, SearchTree.Node node) {
    for (RunReport.Exchange exchange : report.exchanges()) {
      if (exchange.node() == node.id() && exchange.runId().equals(tree.runId())) {
        String model = exchange.model().isEmpty() ? "" : " of " + exchange.model();
        line(
            "<details class=\"prompt\"><summary>Prompt of the %s%s (%s characters)</summary>",
            ReportJson.lower(exchange.role()),
            Html.escape(model),
            RunPage.number(exchange.prompt().length()));
        line("<pre dir=\"auto\">%s</pre>", Html.escape(exchange.prompt()));
        if (!exchange.text().isEmpty()) {
          block("written", exchange.text());
        }
        line("</details>");
      }
    }
  }

  private void agent(SearchTree agent, String prefix) {
    line(
        "<details class=\"agent\"><summary>Asked an agent: <span dir=\"auto\">%s</span></summary>",
        Html.escape(NodeText.oneLine(agent.task(), 120)));
    write(agent, prefix);
    line("</details>");
  }

  private void block(String title, String text) {
    line("<h3>%s</h3><pre dir=\"auto\">%s</pre>", title, Html.escape(text));
  }

  private void line(String format, Object... values) {
    out.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
