package io.github.alphaumi.core.cases;

import dev.langchain4j.agent.tool.ToolSpecification;
import io.github.alphaumi.core.Observation;
import io.github.alphaumi.core.PythonJson;
import io.github.alphaumi.core.RunContext;
import io.github.alphaumi.core.ToolCall;
import io.github.alphaumi.core.Toolbox;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The tools of one attempt at a case: they give what was prepared and remember each call. */
final class ScriptedTools implements Toolbox {
  private static final String ERROR = "error";

  private final Map<String, ScriptedTool> tools = new LinkedHashMap<>();
  private final List<ToolCall> expected;
  private final JsonEquality equality;
  private final Map<String, Integer> failures = new HashMap<>();
  private final List<Made> made = new ArrayList<>();

  /**
   * A call that was made.
   *
   * @param temporary whether it met the scripted temporary error, so that it may come again
   */
  record Made(ToolCall call, Observation observation, boolean temporary) {}

  /**
   * @param expected calls that the case may expect
   * @param equality how far other arguments than theirs are accepted
   */
  ScriptedTools(List<ScriptedTool> tools, List<ToolCall> expected, JsonEquality equality) {
    tools.forEach(tool -> this.tools.put(tool.name(), tool));
    this.expected = List.copyOf(expected);
    this.equality = equality;
  }

  @Override
  public List<ToolSpecification> specifications() {
    return tools.values().stream().map(ScriptedTool::specification).toList();
  }

  @Override
  public synchronized Observation execute(ToolCall call, RunContext context) {
    ScriptedTool tool = tools.get(call.name());
    if (tool == null) {
      return keep(call, false, Observation.error(Observation.Status.INVALID, unknown(call)));
    }
    if (failures.merge(tool.name(), 1, Integer::sum) <= tool.failFirst()) {
      return keep(
          call,
          true,
          Observation.error(
              Observation.Status.FAILED,
              tool.name() + " is not reachable for a moment; try again"));
    }
    return keep(call, false, observation(result(tool, canonical(tool, call.arguments()))));
  }

  private String unknown(ToolCall call) {
    return "there is no tool '" + call.name() + "'; there are " + tools.keySet();
  }

  private Observation keep(ToolCall call, boolean temporary, Observation observation) {
    made.add(new Made(call, observation, temporary));
    return observation;
  }

  /**
   * The arguments of the expected call that these are accepted for; these if there is none. What is
   * accepted in place of one value is not in place of another, so that the prepared results alone
   * do not tell.
   */
  private Map<String, @Nullable Object> canonical(
      ScriptedTool tool, Map<String, @Nullable Object> arguments) {
    if (tool.prepared(arguments).isPresent()) {
      return arguments;
    }
    return expected.stream()
        .filter(call -> call.name().equals(tool.name()))
        .map(ToolCall::arguments)
        .filter(right -> equality.same(right, arguments, tool.defaults()))
        .findFirst()
        .orElse(arguments);
  }

  private static @Nullable Object result(
      ScriptedTool tool, Map<String, @Nullable Object> arguments) {
    Optional<ScriptedTool.Result> prepared = tool.prepared(arguments);
    return prepared.isPresent() ? prepared.get().value() : tool.otherwise();
  }

  /** As real toolboxes give results to models: always an object. */
  private static Observation observation(@Nullable Object value) {
    if (value instanceof Map<?, ?> object) {
      return object.containsKey(ERROR)
          ? new Observation(Observation.Status.FAILED, PythonJson.write(object))
          : Observation.ok(PythonJson.write(object));
    }
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put(value instanceof List<?> ? "results" : "result", value);
    return Observation.ok(PythonJson.write(object));
  }

  synchronized List<Made> made() {
    return List.copyOf(made);
  }

  /** Null if no such tool is on offer. */
  @Nullable ScriptedTool tool(String name) {
    return tools.get(name);
  }
}
