package io.github.alphaumi.core;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.agent.tool.ToolSpecification;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads ToolBench's answer files, of a search ({@code tree}) or of chains ({@code trys}). A
 * thought, its action and the action's input become one node; calls of Finish become decisions to
 * conclude or to give up. What the files do not tell, times for one, is zero.
 */
final class AnswerFileReader {
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(100_000)
                          .maxStringLength(Integer.MAX_VALUE)
                          .build())
                  .build())
          .build();

  private final JsonNode file;
  private final List<SearchTree.Node> nodes = new ArrayList<>();
  private final Deque<Place> open = new ArrayDeque<>();

  private AnswerFileReader(JsonNode file) {
    this.file = file;
  }

  /** One of their nodes, under the node of ours that it continues, with what led to it. */
  private record Place(
      JsonNode node, int parent, @Nullable String thought, @Nullable String action) {}

  static RunReport read(String json) {
    JsonNode file;
    try {
      file = MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new AlphaUmiException(
          "this is no answer file of ToolBench: it is no JSON: " + e.getOriginalMessage(), e);
    }
    if (!file.path("answer_generation").isObject()
        || !(file.path("tree").path("tree").isObject() || file.path("trys").isArray())) {
      throw new AlphaUmiException(
          "this is no answer file of ToolBench: it needs \"answer_generation\", and \"tree\" or"
              + " \"trys\"");
    }
    return new AnswerFileReader(file).report();
  }

  private RunReport report() {
    JsonNode generation = file.path("answer_generation");
    add(-1, null, null, null, null, SearchTree.State.OPEN);
    if (file.path("tree").path("tree").isObject()) {
      grow(file.path("tree").path("tree"));
    } else {
      file.path("trys").forEach(each -> chain(each.path("chain")));
    }
    Optional<String> answer = nodes.stream().flatMap(node -> node.answer().stream()).findFirst();
    boolean gaveUp = nodes.stream().anyMatch(node -> node.state() == SearchTree.State.GAVE_UP);
    StopReason reason =
        answer.isPresent()
            ? StopReason.ANSWERED
            : gaveUp ? StopReason.GAVE_UP : StopReason.STEP_LIMIT;
    int observed =
        (int) nodes.stream().filter(node -> !NodeText.observations(node).isEmpty()).count();
    return new RunReport(
        "",
        Conversation.empty(),
        new SearchTree("toolbench", generation.path("query").asText(), nodes),
        reason,
        "",
        answer,
        Optional.empty(),
        new AgentResult.Usage(
            generation.path("query_count").asInt(),
            observed,
            generation.path("total_tokens").asLong(),
            0,
            0,
            0,
            0,
            Duration.ZERO),
        List.of(),
        tools(generation.path("function")),
        List.of());
  }

  private void grow(JsonNode root) {
    push(root, 0, null, null);
    while (!open.isEmpty()) {
      Place place = open.pop();
      int at = place.parent;
      String thought = place.thought;
      String action = place.action;
      String description = place.node.path("description").asText();
      switch (place.node.path("node_type").asText()) {
        case "Thought" -> {
          at = thought == null ? at : thoughtOnly(at, thought, null);
          thought = description;
          if (place.node.has("observation") || place.node.path("children").isEmpty()) {
            at = thoughtOnly(at, description, place.node);
            thought = null;
          }
        }
        case "Action" -> action = description;
        default -> {
          at = step(at, thought, action == null ? "" : action, place.node);
          thought = null;
          action = null;
        }
      }
      push(place.node, at, thought, action);
    }
  }

  private void push(JsonNode node, int parent, @Nullable String thought, @Nullable String action) {
    JsonNode children = node.path("children");
    for (int i = children.size() - 1; i >= 0; i--) {
      open.push(new Place(children.get(i), parent, thought, action));
    }
  }

  /** A chain of a try: their nodes one after the other, the root first. */
  private void chain(JsonNode chain) {
    int at = 0;
    String thought = null;
    String action = null;
    for (JsonNode node : chain) {
      String description = node.path("description").asText();
      switch (node.path("node_type").asText()) {
        case "Thought" -> {
          at = thought == null ? at : thoughtOnly(at, thought, null);
          thought = description;
        }
        case "Action" -> action = description;
        default -> {
          if (action != null) {
            at = step(at, thought, action, node);
          }
          thought = null;
          action = null;
        }
      }
    }
    if (thought != null) {
      thoughtOnly(at, thought, null);
    }
  }

  /** A turn without a call that could be read. */
  private int thoughtOnly(int parent, String thought, @Nullable JsonNode node) {
    boolean observed = node != null && node.has("observation");
    return add(
        parent,
        new Decision.Call(thought),
        null,
        observed ? observation(node) : null,
        null,
        node != null && node.path("pruned").asBoolean() && !observed
            ? SearchTree.State.CUT
            : SearchTree.State.OPEN);
  }

  private int step(int parent, @Nullable String thought, String action, JsonNode input) {
    String rationale = thought == null ? "" : thought;
    Map<String, @Nullable Object> arguments =
        JsonValues.parse(input.path("description").asText()).orElse(null) instanceof Map<?, ?> map
            ? JsonValues.copyOf(map)
            : null;
    if (action.equals(AnswerFile.FINISH) && arguments != null) {
      Object answer = arguments.get("final_answer");
      if (AnswerFile.GIVE_UP.equals(arguments.get("return_type"))) {
        return add(
            parent, new Decision.GiveUp(rationale), null, null, null, SearchTree.State.GAVE_UP);
      }
      if (answer != null) {
        return add(
            parent,
            new Decision.Conclude(rationale),
            null,
            null,
            answer.toString(),
            SearchTree.State.ANSWERED);
      }
    }
    Observation observation =
        input.has("observation") || input.has("observation_code") ? observation(input) : null;
    return add(
        parent,
        new Decision.Call(rationale),
        arguments == null ? null : new ToolCall(action, arguments),
        observation,
        null,
        observation == null ? SearchTree.State.STOPPED : SearchTree.State.OPEN);
  }

  private int add(
      int parent,
      @Nullable Decision decision,
      @Nullable ToolCall call,
      @Nullable Observation observation,
      @Nullable String answer,
      SearchTree.State state) {
    nodes.add(
        new SearchTree.Node(
            nodes.size(),
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
            Double.NaN,
            List.of(),
            List.of(),
            List.of(),
            Duration.ZERO,
            Duration.ZERO));
    return nodes.size() - 1;
  }

  /** Their object of error and response; the text as it is where it was cut and is none. */
  private static Observation observation(JsonNode node) {
    String text = node.path("observation").asText();
    Observation.Status status =
        switch (node.path("observation_code").asInt()) {
          case 0, 3 -> Observation.Status.OK;
          case 1, 2 -> Observation.Status.INVALID;
          case 5 -> Observation.Status.TIMED_OUT;
          case 7 -> Observation.Status.REFUSED;
          default -> Observation.Status.FAILED;
        };
    if (!(JsonValues.parse(text).orElse(null) instanceof Map<?, ?> content)
        || !content.containsKey("response")) {
      return new Observation(status, text);
    }
    Object error = content.get("error");
    boolean failed = error != null && !error.toString().isEmpty();
    if (failed) {
      return Observation.error(
          status == Observation.Status.OK ? Observation.Status.FAILED : status, error.toString());
    }
    Object response = content.get("response");
    return new Observation(
        status, response instanceof String string ? string : PythonJson.write(response));
  }

  private static List<ToolSpecification> tools(JsonNode functions) {
    List<ToolSpecification> tools = new ArrayList<>();
    for (JsonNode function : functions) {
      if (!function.path("name").asText().equals(AnswerFile.FINISH)) {
        tools.add(tool(function.deepCopy()));
      }
    }
    return tools;
  }

  /** Without the two keys that JSON Schema does not know. */
  private static ToolSpecification tool(ObjectNode function) {
    if (function.path("parameters") instanceof ObjectNode parameters) {
      parameters.remove("optional");
      for (JsonNode property : parameters.path("properties")) {
        if (property instanceof ObjectNode schema) {
          schema.remove("example_value");
        }
      }
    }
    return ToolSpecification.fromJson(function.toString());
  }
}
