package io.github.alphaumi.core;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.agent.tool.ToolSpecification;
import java.util.Locale;

/** Writes a report as JSON; {@link ReportReader} reads it. */
final class ReportJson {
  static final String FORMAT = "alpha-umi-run";
  static final int VERSION = 2;

  /** ASCII only: models write lone surrogates, which no encoding of files can carry. */
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private ReportJson() {}

  static String write(RunReport report) {
    ObjectNode json = NODES.objectNode();
    json.put("format", FORMAT).put("version", VERSION);
    json.put("agent", report.agent());
    ArrayNode conversation = json.putArray("conversation");
    for (Conversation.Exchange exchange : report.conversation().exchanges()) {
      conversation.addObject().put("task", exchange.task()).put("answer", exchange.answer());
    }
    json.put("stopReason", report.stopReason().name());
    json.put("detail", report.detail());
    report.answer().ifPresent(answer -> json.put("answer", answer));
    report.failure().ifPresent(failure -> json.put("failure", failure));
    json.set("usage", usage(report.usage()));
    ArrayNode limits = json.putArray("limits");
    for (RunReport.Limit limit : report.limits()) {
      limits
          .addObject()
          .put("name", limit.name())
          .put("used", limit.used())
          .put("most", limit.most());
    }
    ArrayNode tools = json.putArray("tools");
    for (ToolSpecification tool : report.tools()) {
      tools.add(parsed(tool.toJson()));
    }
    json.set("tree", tree(report.tree()));
    ArrayNode exchanges = json.putArray("exchanges");
    for (RunReport.Exchange exchange : report.exchanges()) {
      exchanges
          .addObject()
          .put("runId", exchange.runId())
          .put("node", exchange.node())
          .put("role", exchange.role().name())
          .put("model", exchange.model())
          .put("prompt", exchange.prompt())
          .put("text", exchange.text());
    }
    try {
      return MAPPER.writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new AlphaUmiException("the report cannot be written: " + e.getOriginalMessage(), e);
    }
  }

  private static JsonNode parsed(String json) {
    try {
      return MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new AlphaUmiException("langchain4j wrote a tool that is no JSON: " + json, e);
    }
  }

  private static ObjectNode usage(AgentResult.Usage usage) {
    return NODES
        .objectNode()
        .put("modelCalls", usage.modelCalls())
        .put("toolCalls", usage.toolCalls())
        .put("inputTokens", usage.inputTokens())
        .put("cachedTokens", usage.cachedTokens())
        .put("outputTokens", usage.outputTokens())
        .put("repairs", usage.repairs())
        .put("cost", usage.cost())
        .put("elapsed", usage.elapsed().toString());
  }

  private static ObjectNode tree(SearchTree tree) {
    ObjectNode json = NODES.objectNode().put("runId", tree.runId()).put("task", tree.task());
    ArrayNode nodes = json.putArray("nodes");
    tree.nodes().forEach(node -> nodes.add(node(node)));
    return json;
  }

  private static ObjectNode node(SearchTree.Node node) {
    ObjectNode json = NODES.objectNode();
    json.put("id", node.id()).put("parent", node.parent()).put("depth", node.depth());
    json.put("state", node.state().name());
    node.decision()
        .ifPresent(
            decision ->
                json.putObject("decision")
                    .put("kind", kind(decision))
                    .put("rationale", decision.rationale()));
    ArrayNode calls = json.putArray("calls");
    node.calls().forEach(made -> call(made, calls.addObject()));
    node.answer().ifPresent(answer -> json.put("answer", answer));
    if (!Double.isNaN(node.score())) {
      json.put("score", node.score());
    }
    json.put("started", node.started().toString()).put("time", node.time().toString());
    ArrayNode models = json.putArray("models");
    for (SearchTree.ModelCall call : node.models()) {
      models
          .addObject()
          .put("role", call.role().name())
          .put("inputTokens", call.use().inputTokens())
          .put("cachedTokens", call.use().cachedTokens())
          .put("outputTokens", call.use().outputTokens())
          .put("prefill", call.use().prefill().toString())
          .put("decode", call.use().decode().toString());
    }
    ArrayNode repairs = json.putArray("repairs");
    node.repairs().forEach(repairs::add);
    ArrayNode agents = json.putArray("agents");
    node.agents().forEach(agent -> agents.add(tree(agent)));
    return json;
  }

  private static void call(SearchTree.Call made, ObjectNode json) {
    made.call()
        .ifPresent(call -> json.put("name", call.name()).putPOJO("arguments", call.arguments()));
    made.observation()
        .ifPresent(
            observation ->
                json.putObject("observation")
                    .put("status", observation.status().name())
                    .put("text", observation.text()));
  }

  /** {@code call}, {@code conclude} or {@code give_up}. */
  static String kind(Decision decision) {
    return decision instanceof Decision.Call
        ? "call"
        : decision instanceof Decision.Conclude ? "conclude" : "give_up";
  }

  /** {@code TIMED_OUT} as data and metrics spell it. */
  static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
