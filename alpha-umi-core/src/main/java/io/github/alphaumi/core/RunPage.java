package io.github.alphaumi.core;

import com.google.common.hash.Hashing;
import com.google.common.io.Resources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/**
 * A report as one HTML page.
 *
 * <p>The markup is complete without its script, which only adds keys, a filter and a theme. The
 * page's own policy allows that script by its hash and nothing else: should a text ever get past
 * {@link Html#escape}, the browser still would not run it or load anything for it.
 */
final class RunPage {
  private final RunReport report;
  private final StringBuilder out = new StringBuilder();

  RunPage(RunReport report) {
    this.report = report;
  }

  String html() {
    String script = resource("run-page.js");
    String hash =
        Base64.getEncoder()
            .encodeToString(Hashing.sha256().hashString(script, StandardCharsets.UTF_8).asBytes());
    out.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    line(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src"
            + " 'unsafe-inline'; script-src 'sha256-%s'; base-uri 'none'; form-action 'none'\">",
        hash);
    line("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
    line("<title>%s</title>", Html.escape(NodeText.oneLine(report.tree().task(), 80)));
    out.append("<style>\n").append(resource("run-page.css")).append("</style>\n</head>\n<body>\n");
    head();
    facts();
    line("<main>");
    line("<h2 id=\"map-title\">Search tree</h2>");
    out.append(new TreePicture(report.tree()).svg());
    line("<h2 id=\"nodes-title\">Nodes</h2>");
    controls();
    new NodeList(report, out).write(report.tree(), "node-");
    line("</main>");
    out.append("<script>").append(script).append("</script>\n</body>\n</html>\n");
    return out.toString();
  }

  private void head() {
    line("<header>");
    line(
        "<p class=\"soft mono\">%s run %s</p>",
        Html.escape(report.agent()), Html.escape(report.tree().runId()));
    line("<h1 dir=\"auto\">%s</h1>", Html.escape(report.tree().task()));
    boolean answered = report.stopReason() == StopReason.ANSWERED;
    line(
        "<p><span class=\"badge %s\" id=\"stop-reason\">%s</span> <span dir=\"auto\">%s</span></p>",
        answered ? "good" : "warn", report.stopReason(), Html.escape(report.detail()));
    report
        .failure()
        .ifPresent(failure -> line("<pre class=\"bad\">%s</pre>", Html.escape(failure)));
    report
        .answer()
        .ifPresent(
            answer ->
                line(
                    "<div class=\"answer%s\" id=\"answer\" dir=\"auto\">%s</div>",
                    answered ? "" : " partial", Html.escape(answer)));
    line("</header>");
  }

  private void facts() {
    AgentResult.Usage usage = report.usage();
    line("<dl class=\"facts\">");
    fact("time", millis(usage.elapsed()) + " ms", "");
    fact("model calls", number(usage.modelCalls()), "");
    fact("tool calls", number(usage.toolCalls()), "");
    fact(
        "tokens read",
        number(usage.inputTokens() - usage.cachedTokens()),
        "of " + number(usage.inputTokens()) + " in prompts");
    fact("tokens cached", number(usage.cachedTokens()), "");
    fact("tokens written", number(usage.outputTokens()), "");
    fact("repairs", number(usage.repairs()), "");
    if (usage.cost() > 0) {
      fact("cost", amount(usage.cost()), "");
    }
    fact("nodes", number(report.tree().nodes().size() - 1), "");
    line("</dl>");
    if (!report.limits().isEmpty()) {
      line("<h2>Budget</h2>\n<table>\n<tr><th>limit</th><th>used</th><th>of</th><th></th></tr>");
      for (RunReport.Limit limit : report.limits()) {
        line(
            "<tr><td>%s</td><td>%s</td><td>%s</td><td><meter max=\"1\" value=\"%s\"></meter></td>"
                + "</tr>",
            Html.escape(limit.name()),
            amount(limit.used()),
            amount(limit.most()),
            limit.most() > 0 ? Math.min(1, limit.used() / limit.most()) : 0);
      }
      line("</table>");
    }
  }

  private void fact(String name, String value, String note) {
    line("<div><dt>%s</dt><dd>%s <small>%s</small></dd></div>", name, value, note);
  }

  private void controls() {
    line("<div class=\"tools\">");
    line("<button id=\"open-all\" type=\"button\" title=\"key e\">Expand</button>");
    line("<button id=\"close-all\" type=\"button\" title=\"key c\">Collapse</button>");
    line(
        "<button id=\"chosen\" type=\"button\" aria-pressed=\"false\" title=\"key p\">Path of the"
            + " answer</button>");
    line("<button id=\"theme\" type=\"button\" title=\"key t\">Dark or light</button>");
    line(
        "<input id=\"filter\" type=\"search\" placeholder=\"Filter ( / )\" aria-label=\"Filter"
            + " nodes by text\">");
    line("<span id=\"count\" class=\"soft\" aria-live=\"polite\"></span>");
    line("</div>");
    line(
        "<p class=\"soft\">Keys: <code>j</code> <code>k</code> next and previous node,"
            + " <code>Enter</code> open or close, <code>e</code> <code>c</code> all, <code>p</code>"
            + " path, <code>/</code> filter, <code>t</code> theme.</p>");
  }

  private void line(String format, Object... values) {
    out.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  private static String amount(double value) {
    return value == Math.rint(value)
        ? String.format(Locale.ROOT, "%,.0f", value)
        : String.format(Locale.ROOT, "%,.3f", value);
  }

  static String millis(Duration time) {
    return String.format(Locale.ROOT, "%,.1f", time.toNanos() / 1e6);
  }

  /** The nodes from the first to those that have an answer. */
  static List<Integer> chosen(SearchTree tree) {
    List<Integer> chosen = new ArrayList<>();
    for (SearchTree.Node node : tree.nodes()) {
      if (node.state() == SearchTree.State.ANSWERED) {
        tree.path(node.id()).forEach(step -> chosen.add(step.id()));
      }
    }
    return chosen;
  }

  /** A colour's name for what became of a node. */
  static String mood(SearchTree.Node node) {
    return switch (node.state()) {
      case ANSWERED -> "good";
      case GAVE_UP -> "bad";
      case CUT, STOPPED -> "warn";
      case OPEN, ABANDONED -> "idle";
    };
  }

  private static String resource(String name) {
    try {
      return Resources.toString(Resources.getResource(RunPage.class, name), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
