package io.github.alphaumi.core;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reports of made-up runs, for tests of what shows them. */
final class Reports {
  /** What tools and models could say to be more than text on a page or in a diagram. */
  static final List<String> HOSTILE =
      List.of(
          "</script><script>window.broken = 1</script>",
          "<!-- <script>window.broken = 2</script>",
          "--><svg/onload=window.broken=3>",
          "]]><img src=x onerror=window.broken=4>",
          "\" onmouseover=\"window.broken = 5\" x=\"",
          "' autofocus onfocus='window.broken = 6",
          "`${window.broken = 7}`",
          "javascript:window.broken=8",
          "<a href=\"javascript:window.broken=9\">click</a>",
          "</pre></details></li></ol><h1 id=\"forged\">forged</h1>",
          "</title></style><style>* { display: none }</style>",
          "<base href=https://example.org/><link rel=stylesheet href=//example.org/x.css>",
          "<meta http-equiv=refresh content=\"0;url=https://example.org/\">",
          "&lt;b&gt; &#60;i&#62; &nbsp &amp",
          "%s %d %n %",
          "line\u2028separator\u2029paragraph",
          "nul\u0000bell\u0007escape\u001b[31m delete\u007f next\u0085",
          "refund \u202Etpiecer a\u202C of \u2066isolated\u2069 \u200Fright \uFEFFmark",
          "lone \uD83D surrogate \uDE00 and a whole \uD83D\uDE00, joined \u0915\u094D\u200D\u0937",
          "\uFFFE noncharacter \uFFFF",
          "end\" ]:::answered\n  n0 --> forged[\"x",
          "#quot; #35; ; -- --> {{x}} ((y)) |z| %%comment\nclick n1 \"javascript:alert(1)\"");

  private final List<SearchTree.Node> nodes = new ArrayList<>();
  private final List<RunReport.Exchange> exchanges = new ArrayList<>();
  private final String task;
  private Conversation conversation = Conversation.empty();

  private Reports(String task) {
    this.task = task;
    node(-1, null, null, null, null, SearchTree.State.OPEN);
  }

  static Reports of(String task) {
    return new Reports(task);
  }

  /** A search with a failed branch, a repaired node, a nested agent and an answer. */
  static RunReport searched() {
    return of("Where is my order A-4711?")
        .after("Hello?", "How can I help?")
        .call(0, "look it up", "orderStatus", Map.of("orderId", "4711"), "{\"error\": \"none\"}")
        .giveUp(1, "there is no such order")
        .call(0, "try with the letter", "orderStatus", Map.of("orderId", "A-4711"), "shipped")
        .agent(3)
        .conclude(3, "it is known", "It was shipped.")
        .exchange(3, Role.PLANNER, "Tools:\n- orderStatus", "try with the letter Next: caller.")
        .exchange(4, Role.SUMMARIZER, "Sum it up.", "It was shipped.")
        .report();
  }

  /** Every hostile text in every place that a model, a tool or a user can write to. */
  static RunReport hostile() {
    Reports reports = of(String.join(" ", HOSTILE));
    int parent = 0;
    for (String text : HOSTILE) {
      reports.node(
          parent,
          new Decision.Call(text),
          new ToolCall(text, Map.of(text, text)),
          Observation.ok(text),
          null,
          SearchTree.State.OPEN);
      parent = reports.nodes.size() - 1;
      reports.repaired(parent, text);
      reports.exchange(parent, Role.CALLER, text, text);
    }
    String all = String.join("\n", HOSTILE);
    return reports.conclude(parent, all, all).report();
  }

  Reports call(
      int parent,
      String plan,
      String tool,
      Map<String, ? extends @Nullable Object> arguments,
      String observation) {
    return node(
        parent,
        new Decision.Call(plan),
        new ToolCall(tool, new LinkedHashMap<>(arguments)),
        observation.contains("error")
            ? new Observation(Observation.Status.FAILED, observation)
            : Observation.ok(observation),
        null,
        SearchTree.State.OPEN);
  }

  Reports giveUp(int parent, String why) {
    return node(parent, new Decision.GiveUp(why), null, null, null, SearchTree.State.GAVE_UP);
  }

  Reports conclude(int parent, String plan, String answer) {
    return node(parent, new Decision.Conclude(plan), null, null, answer, SearchTree.State.ANSWERED);
  }

  Reports node(
      int parent,
      @Nullable Decision decision,
      @Nullable ToolCall call,
      @Nullable Observation observation,
      @Nullable String answer,
      SearchTree.State state) {
    int id = nodes.size();
    nodes.add(
        new SearchTree.Node(
            id,
            parent,
            parent < 0 ? 0 : nodes.get(parent).depth() + 1,
            Optional.ofNullable(decision),
            call == null && observation == null
                ? List.of()
                : List.of(
                    new SearchTree.Call(
                        Optional.ofNullable(call), Optional.ofNullable(observation))),
            Optional.ofNullable(answer),
            state,
            id == 3 ? 0.75 : Double.NaN,
            parent < 0
                ? List.of()
                : List.of(
                    new SearchTree.ModelCall(
                        Role.PLANNER,
                        new ModelUse(120, 100, 9, Duration.ofMillis(30), Duration.ofNanos(55)))),
            List.of(),
            List.of(),
            Duration.ofMillis(100L * id),
            Duration.ofMillis(parent < 0 ? 0 : 80)));
    return this;
  }

  Reports repaired(int id, String how) {
    SearchTree.Node old = nodes.get(id);
    return replace(old, List.of(how), old.agents());
  }

  Reports agent(int id) {
    SearchTree.Node old = nodes.get(id);
    SearchTree nested =
        of("Ask the warehouse").conclude(0, "nothing to do", "It left.").report("nested").tree();
    return replace(old, old.repairs(), List.of(nested));
  }

  private Reports replace(SearchTree.Node old, List<String> repairs, List<SearchTree> agents) {
    nodes.set(
        old.id(),
        new SearchTree.Node(
            old.id(),
            old.parent(),
            old.depth(),
            old.decision(),
            old.calls(),
            old.answer(),
            old.state(),
            old.score(),
            old.models(),
            repairs,
            agents,
            old.started(),
            old.time()));
    return this;
  }

  Reports after(String task, String answer) {
    conversation = conversation.with(new Conversation.Exchange(task, List.of(), answer));
    return this;
  }

  Reports exchange(int node, Role role, String prompt, String text) {
    exchanges.add(new RunReport.Exchange("run", node, role, "small", prompt, text));
    return this;
  }

  RunReport report() {
    return report("run");
  }

  private RunReport report(String runId) {
    SearchTree.Node last = nodes.get(nodes.size() - 1);
    return new RunReport(
        "clerk",
        conversation,
        new SearchTree(runId, task, nodes),
        last.answer().isPresent() ? StopReason.ANSWERED : StopReason.STEP_LIMIT,
        last.answer().isPresent() ? "" : "the budget of 12 steps is used up",
        last.answer(),
        Optional.empty(),
        new AgentResult.Usage(5, 2, 600, 500, 45, 0, 0, Duration.ofMillis(480)),
        List.of(new RunReport.Limit("steps", 2, 12)),
        List.of(tool("orderStatus")),
        exchanges);
  }

  static ToolSpecification tool(String name) {
    return ToolSpecification.builder()
        .name(name)
        .description("Status of an order – « même » hors ligne")
        .parameters(
            JsonObjectSchema.builder()
                .addStringProperty("orderId", "letter and number")
                .required("orderId")
                .build())
        .build();
  }
}
