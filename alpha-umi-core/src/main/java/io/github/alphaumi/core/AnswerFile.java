package io.github.alphaumi.core;

import dev.langchain4j.agent.tool.ToolSpecification;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes a report as ToolBench keeps answers ({@code OpenBMB/ToolBench}, the files of {@code
 * data/answer}); {@link AnswerFileReader} reads them.
 *
 * <p>One node of ours is up to three of theirs: a thought, an action and its input. Their agents
 * end by calling a tool named Finish, so an answer and a give-up are written as such calls; a call
 * that could not be read is a thought without an action; of several calls of a step each but the
 * first follows the one before it, without a thought, and is read back as a step. What a result
 * says is never cut, which their files do at 1,024 characters.
 */
final class AnswerFile {
  static final String FINISH = "Finish";
  static final String GIVE_ANSWER = "give_answer";
  static final String GIVE_UP = "give_up_and_restart";

  private final RunReport report;
  private final SearchTree tree;

  private AnswerFile(RunReport report) {
    this.report = report;
    tree = report.tree();
  }

  static String write(RunReport report) {
    return PythonJson.writeAscii(new AnswerFile(report).file(), 2);
  }

  private Map<String, Object> file() {
    Optional<SearchTree.Node> end = end();
    boolean win = end.filter(node -> node.answer().isPresent()).isPresent();
    Map<String, @Nullable Object> generation = new LinkedHashMap<>();
    generation.put("valid_data", end.isPresent());
    generation.put("query_count", report.usage().modelCalls());
    generation.put("total_tokens", report.usage().inputTokens() + report.usage().outputTokens());
    generation.put("final_answer", end.map(node -> finish(node).argumentsJson()).orElse(""));
    end.ifPresent(node -> generation.put("finish_type", win ? GIVE_ANSWER : "give_up"));
    generation.put("function", functions());
    generation.put("chain", List.of());
    end.ifPresent(node -> generation.put("train_messages", trainMessages(node)));
    generation.put("query", tree.task());
    Map<String, Object> root = node("Action Input", "", 0);
    root.put("io_state", Map.of());
    Deepest deepest = new Deepest();
    root.put("children", children(tree.root(), 1, deepest));
    Map<String, Object> file = new LinkedHashMap<>();
    file.put("win", win);
    Map<String, Object> whole = new LinkedHashMap<>();
    whole.put("size", deepest.size);
    whole.put("max_length", deepest.depth + 1);
    whole.put("tree", root);
    file.put("tree", whole);
    file.put("forward_args", Map.of());
    file.put("compare_candidates", List.of());
    file.put("answer_generation", generation);
    return file;
  }

  /** Their count of nodes, the root among them, and of levels. */
  private static final class Deepest {
    int size = 1;
    int depth;
  }

  /** The node whose path is the chosen chain: the first answer, else the last give-up. */
  private Optional<SearchTree.Node> end() {
    Optional<SearchTree.Node> answered =
        tree.nodes().stream().filter(node -> node.answer().isPresent()).findFirst();
    return answered.or(
        () ->
            tree.nodes().stream()
                .filter(node -> node.state() == SearchTree.State.GAVE_UP)
                .reduce((first, second) -> second));
  }

  /** The call by which their agents would have ended there. */
  private static ToolCall finish(SearchTree.Node node) {
    Map<String, Object> arguments = new LinkedHashMap<>();
    arguments.put("return_type", node.answer().isPresent() ? GIVE_ANSWER : GIVE_UP);
    node.answer().ifPresent(answer -> arguments.put("final_answer", answer));
    return new ToolCall(FINISH, arguments);
  }

  private static boolean ends(SearchTree.Node node) {
    return node.answer().isPresent() || node.state() == SearchTree.State.GAVE_UP;
  }

  private static Map<String, Object> node(String type, String description, int depth) {
    Map<String, Object> node = new LinkedHashMap<>();
    node.put("is_terminal", false);
    node.put("pruned", false);
    node.put("finished", false);
    node.put("depth", depth);
    node.put("node_type", type);
    node.put("description", description);
    node.put("Elo", 1000.0);
    return node;
  }

  private List<Object> children(SearchTree.Node of, int depth, Deepest deepest) {
    List<Object> children = new ArrayList<>();
    for (SearchTree.Node child : tree.children(of.id())) {
      children.add(thought(child, depth, deepest));
    }
    return children;
  }

  private Map<String, Object> thought(SearchTree.Node node, int depth, Deepest deepest) {
    Map<String, Object> thought =
        counted(
            node("Thought", node.decision().map(Decision::rationale).orElse(""), depth), deepest);
    thought.put("pruned", node.state() == SearchTree.State.CUT);
    Map<String, Object> last = thought;
    int level = depth;
    for (SearchTree.Call made : ends(node) ? List.of(ending(node)) : node.calls()) {
      if (made.call().isPresent()) {
        Map<String, Object> action =
            counted(node("Action", made.call().get().name(), level + 1), deepest);
        Map<String, Object> input =
            counted(node("Action Input", made.call().get().argumentsJson(), level + 2), deepest);
        input.put("pruned", node.state() == SearchTree.State.GAVE_UP);
        input.put("finished", node.answer().isPresent());
        input.put("expand_num", node.id());
        input.put("io_state", Map.of());
        last.put("children", List.of(action));
        action.put("children", List.of(input));
        last = input;
        level += 2;
      } else if (last != thought) {
        Map<String, Object> unreadable = counted(node("Thought", "", level + 1), deepest);
        last.put("children", List.of(unreadable));
        last = unreadable;
        level++;
      }
      observe(last, node, made);
    }
    last.put("children", children(node, level + 1, deepest));
    return thought;
  }

  /** The call by which their agents would have ended there, and nothing that comes back. */
  private static SearchTree.Call ending(SearchTree.Node node) {
    return new SearchTree.Call(Optional.of(finish(node)), Optional.empty());
  }

  private static Map<String, Object> counted(Map<String, Object> node, Deepest deepest) {
    deepest.size++;
    deepest.depth = Math.max(deepest.depth, (int) node.get("depth"));
    return node;
  }

  private void observe(Map<String, Object> to, SearchTree.Node node, SearchTree.Call made) {
    if (ends(node)) {
      to.put("observation_code", node.answer().isPresent() ? 3 : 4);
    } else if (made.observation().isPresent()) {
      Observation observation = made.observation().get();
      to.put("observation", content(observation));
      to.put("observation_code", code(made, observation.status()));
    }
  }

  /** Their codes: 0 as it should be, 1 no such function, 2 wrong input, 5 too late, 12 failed. */
  private int code(SearchTree.Call made, Observation.Status status) {
    return switch (status) {
      case OK, REPEATED, REUSED -> 0;
      case INVALID -> made.call().filter(call -> !isTool(call.name())).isPresent() ? 1 : 2;
      case TIMED_OUT, UNKNOWN -> 5;
      case REFUSED -> 7;
      case FAILED -> 12;
    };
  }

  private boolean isTool(String name) {
    return report.tools().isEmpty()
        || report.tools().stream().anyMatch(tool -> tool.name().equals(name));
  }

  /** As their environment answers: an object with an error and a response. */
  private static String content(Observation observation) {
    Map<String, Object> content = new LinkedHashMap<>();
    content.put("error", observation.isError() ? message(observation.text()) : "");
    content.put("response", observation.isError() ? "" : observation.text());
    return PythonJson.write(content);
  }

  private static String message(String text) {
    return JsonValues.parse(text).orElse(null) instanceof Map<?, ?> object
            && object.size() == 1
            && object.get("error") instanceof String error
        ? error
        : text;
  }

  /** One list for each of the assistant's turns, each with all that was said up to it. */
  private List<Object> trainMessages(SearchTree.Node end) {
    List<Object> lists = new ArrayList<>();
    List<Object> said = new ArrayList<>();
    said.add(message("system", "Use the functions to answer, then call Finish."));
    said.add(message("user", tree.task()));
    for (SearchTree.Node node : tree.path(end.id())) {
      String rationale = node.decision().map(Decision::rationale).orElse("");
      List<SearchTree.Call> calls = ends(node) ? List.of(ending(node)) : node.calls();
      if (calls.isEmpty()) {
        said.add(message("assistant", rationale));
        lists.add(List.copyOf(said));
      }
      for (SearchTree.Call made : calls) {
        boolean spoken = !rationale.isEmpty() || made.call().isEmpty();
        Map<String, @Nullable Object> turn = message("assistant", spoken ? rationale : null);
        made.call().ifPresent(call -> turn.put("function_call", function(call)));
        said.add(turn);
        lists.add(List.copyOf(said));
        if (made.call().isPresent() && made.observation().isPresent()) {
          Map<String, @Nullable Object> answer =
              message("function", content(made.observation().get()));
          answer.put("name", made.call().get().name());
          said.add(answer);
        }
        rationale = "";
      }
    }
    return lists;
  }

  private static Map<String, Object> function(ToolCall call) {
    Map<String, Object> function = new LinkedHashMap<>();
    function.put("name", call.name());
    function.put("arguments", call.argumentsJson());
    return function;
  }

  private static Map<String, @Nullable Object> message(String role, @Nullable String content) {
    Map<String, @Nullable Object> message = new LinkedHashMap<>();
    message.put("role", role);
    message.put("content", content);
    return message;
  }

  private List<Object> functions() {
    List<Object> functions = new ArrayList<>();
    for (ToolSpecification tool : report.tools()) {
      functions.add(function(tool));
    }
    Map<String, Object> type = new LinkedHashMap<>();
    type.put("type", "string");
    type.put("enum", List.of(GIVE_ANSWER, GIVE_UP));
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("return_type", type);
    properties.put(
        "final_answer",
        Map.of("type", "string", "description", "the answer, if there is one to give"));
    functions.add(
        function(
            FINISH,
            "Ends the task with an answer, or gives up.",
            properties,
            List.of("return_type")));
    return functions;
  }

  private static Map<String, Object> function(ToolSpecification tool) {
    Map<?, ?> json = (Map<?, ?>) JsonValues.parse(tool.toJson()).orElse(Map.of());
    Map<String, Object> properties = new LinkedHashMap<>();
    List<?> required = List.of();
    if (json.get("parameters") instanceof Map<?, ?> parameters) {
      if (parameters.get("properties") instanceof Map<?, ?> all) {
        all.forEach((name, schema) -> properties.put(String.valueOf(name), typed(schema)));
      }
      required = parameters.get("required") instanceof List<?> names ? names : required;
    }
    String description = tool.description() == null ? "" : tool.description();
    return function(tool.name(), description, properties, required);
  }

  /** Every property of theirs has a type, whatever else a schema says. */
  private static Object typed(@Nullable Object schema) {
    Map<String, @Nullable Object> typed = new LinkedHashMap<>();
    typed.put("type", "string");
    if (schema instanceof Map<?, ?> map) {
      map.forEach((key, value) -> typed.put(String.valueOf(key), value));
    }
    return typed;
  }

  private static Map<String, Object> function(
      String name, String description, Map<String, Object> properties, List<?> required) {
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("type", "object");
    parameters.put("properties", properties);
    parameters.put("required", required);
    parameters.put(
        "optional", properties.keySet().stream().filter(key -> !required.contains(key)).toList());
    Map<String, Object> function = new LinkedHashMap<>();
    function.put("name", name);
    function.put("description", description);
    function.put("parameters", parameters);
    return function;
  }
}
