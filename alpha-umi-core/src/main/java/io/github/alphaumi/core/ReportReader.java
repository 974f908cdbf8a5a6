package io.github.alphaumi.core;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.langchain4j.agent.tool.ToolSpecification;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Reads what {@link ReportJson} wrote. */
final class ReportReader {
  /** Prompts are long texts, and one report may hold many. */
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              com.fasterxml.jackson.core.JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private ReportReader() {}

  static RunReport read(String json) {
    JsonNode root;
    try {
      root = MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw invalid("it is no JSON: " + e.getOriginalMessage());
    }
    if (!root.isObject() || !ReportJson.FORMAT.equals(root.path("format").asText())) {
      throw invalid("it has no \"format\": \"" + ReportJson.FORMAT + "\"");
    }
    JsonNode version = root.path("version");
    if (!version.isInt() || version.intValue() != ReportJson.VERSION) {
      throw invalid(
          "it is of version "
              + version
              + " and this library reads version "
              + ReportJson.VERSION
              + "; read it with the release that wrote it, or a later one");
    }
    return report(new Place(root, ""));
  }

  private static RunReport report(Place root) {
    return new RunReport(
        root.text("agent"),
        conversation(root.member("conversation")),
        tree(root.member("tree")),
        root.constant("stopReason", StopReason.values()),
        root.text("detail"),
        root.optional("answer").map(Place::text),
        root.optional("failure").map(Place::text),
        usage(root.member("usage")),
        root.list(
            "limits",
            limit ->
                new RunReport.Limit(
                    limit.text("name"), limit.number("used"), limit.number("most"))),
        root.list("tools", tool -> ToolSpecification.fromJson(tool.node.toString())),
        root.list(
            "exchanges",
            exchange ->
                new RunReport.Exchange(
                    exchange.text("runId"),
                    exchange.integer("node"),
                    exchange.constant("role", Role.values()),
                    exchange.text("model"),
                    exchange.text("prompt"),
                    exchange.text("text"))));
  }

  private static Conversation conversation(Place conversation) {
    return new Conversation(
        conversation.items(
            exchange ->
                new Conversation.Exchange(
                    exchange.text("task"), List.of(), exchange.text("answer"))));
  }

  private static AgentResult.Usage usage(Place usage) {
    return new AgentResult.Usage(
        usage.integer("modelCalls"),
        usage.integer("toolCalls"),
        usage.whole("inputTokens"),
        usage.whole("cachedTokens"),
        usage.whole("outputTokens"),
        usage.integer("repairs"),
        usage.number("cost"),
        usage.duration("elapsed"));
  }

  private static SearchTree tree(Place tree) {
    List<SearchTree.Node> nodes = tree.list("nodes", ReportReader::node);
    for (int i = 0; i < nodes.size(); i++) {
      SearchTree.Node node = nodes.get(i);
      if (node.id() != i || node.parent() >= i || (node.parent() < 0) != (i == 0)) {
        throw invalid(
            tree.path
                + ".nodes["
                + i
                + "] has id "
                + node.id()
                + " and parent "
                + node.parent()
                + "; ids count from 0 and parents come before their children");
      }
    }
    if (nodes.isEmpty()) {
      throw invalid(tree.path + ".nodes has no root");
    }
    return new SearchTree(tree.text("runId"), tree.text("task"), nodes);
  }

  private static SearchTree.Node node(Place node) {
    return new SearchTree.Node(
        node.integer("id"),
        node.integer("parent"),
        node.integer("depth"),
        node.optional("decision").map(ReportReader::decision),
        node.list("calls", ReportReader::call),
        node.optional("answer").map(Place::text),
        node.constant("state", SearchTree.State.values()),
        node.optional("score").map(Place::number).orElse(Double.NaN),
        node.list("models", ReportReader::modelCall),
        node.list("repairs", Place::text),
        node.list("agents", ReportReader::tree),
        node.duration("started"),
        node.duration("time"));
  }

  private static SearchTree.Call call(Place call) {
    return new SearchTree.Call(
        call.optional("name")
            .map(name -> new ToolCall(name.text(), call.member("arguments").map())),
        call.optional("observation")
            .map(
                observation ->
                    new Observation(
                        observation.constant("status", Observation.Status.values()),
                        observation.text("text"))));
  }

  private static SearchTree.ModelCall modelCall(Place call) {
    return new SearchTree.ModelCall(
        call.constant("role", Role.values()),
        new ModelUse(
            call.integer("inputTokens"),
            call.integer("cachedTokens"),
            call.integer("outputTokens"),
            call.duration("prefill"),
            call.duration("decode")));
  }

  private static Decision decision(Place decision) {
    String rationale = decision.text("rationale");
    String kind = decision.text("kind");
    return switch (kind) {
      case "call" -> new Decision.Call(rationale);
      case "conclude" -> new Decision.Conclude(rationale);
      case "give_up" -> new Decision.GiveUp(rationale);
      default ->
          throw invalid(decision.path + ".kind is '" + kind + "', not call, conclude or give_up");
    };
  }

  private static AlphaUmiException invalid(String problem) {
    return new AlphaUmiException("this is no report of a run: " + problem);
  }

  /** A value and the way to it, for messages. */
  private record Place(JsonNode node, String path) {

    Place member(String name) {
      return optional(name).orElseThrow(() -> invalid(path(name) + " is missing"));
    }

    Optional<Place> optional(String name) {
      JsonNode value = node.path(name);
      return value.isMissingNode() || value.isNull()
          ? Optional.empty()
          : Optional.of(new Place(value, path(name)));
    }

    private String path(String name) {
      return path.isEmpty() ? name : path + "." + name;
    }

    String text(String name) {
      return member(name).text();
    }

    String text() {
      return expect(node.isTextual(), "text").asText();
    }

    int integer(String name) {
      Place value = member(name);
      return value.expect(value.node.canConvertToInt(), "an integer").intValue();
    }

    long whole(String name) {
      Place value = member(name);
      return value.expect(value.node.canConvertToLong(), "an integer").longValue();
    }

    double number(String name) {
      return member(name).number();
    }

    /** What is no number is written as text: Infinity. */
    double number() {
      try {
        return Double.parseDouble(expect(node.isValueNode(), "a number").asText());
      } catch (NumberFormatException e) {
        throw unexpected("a number");
      }
    }

    Duration duration(String name) {
      Place value = member(name);
      try {
        return Duration.parse(value.text());
      } catch (DateTimeParseException e) {
        throw value.unexpected("a duration such as PT0.5S");
      }
    }

    <E extends Enum<E>> E constant(String name, E[] all) {
      Place value = member(name);
      String text = value.text();
      return Arrays.stream(all)
          .filter(constant -> constant.name().equals(text))
          .findFirst()
          .orElseThrow(() -> value.unexpected("one of " + Arrays.toString(all)));
    }

    <T> List<T> list(String name, Function<Place, T> item) {
      return member(name).items(item);
    }

    <T> List<T> items(Function<Place, T> item) {
      expect(node.isArray(), "a list");
      List<T> items = new ArrayList<>();
      for (int i = 0; i < node.size(); i++) {
        items.add(item.apply(new Place(node.get(i), path + "[" + i + "]")));
      }
      return items;
    }

    Map<String, Object> map() {
      expect(node.isObject(), "an object");
      return MAPPER.convertValue(
          node, new com.fasterxml.jackson.core.type.TypeReference<Map<String, Object>>() {});
    }

    private JsonNode expect(boolean holds, String what) {
      if (!holds) {
        throw unexpected(what);
      }
      return node;
    }

    private AlphaUmiException unexpected(String what) {
      return invalid(path + " is " + NodeText.oneLine(node.toString(), 40) + ", not " + what);
    }
  }
}
