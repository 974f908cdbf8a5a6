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
import org.jspecify.annotations.Nullable;

/** The tools of one attempt at a case: they give what was prepared and remember each call. */
final class ScriptedTools implements Toolbox {
  private static final String ERROR = "error";

  private final Map<String, ScriptedTool> tools = new LinkedHashMap<>();
  private final JsonEquality equality;
  private final Map<String, Integer> failures = new HashMap<>();
  private final List<Made> made = new ArrayList<>();

  /**
   * A call that was made.
   *
   * @param temporary whether it met the scripted temporary error, so that it may come again
   */
  record Made(ToolCall call, Observation observation, boolean temporary) {}

  ScriptedTools(List<ScriptedTool> tools, JsonEquality equality) {
    tools.forEach(tool -> this.tools.put(tool.name(), tool));
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
    return keep(call, false, observation(result(tool, call.arguments())));
  }

  private String unknown(ToolCall call) {
    return "there is no tool '" + call.name() + "'; there are " + tools.keySet();
  }

  private Observation keep(ToolCall call, boolean temporary, Observation observation) {
    made.add(new Made(call, observation, temporary));
    return observation;
  }

  /**
   * What was prepared for these arguments, as they stand or with the values that the case accepts
   * in their place.
   */
  private @Nullable Object result(ScriptedTool tool, Map<String, @Nullable Object> arguments) {
    for (JsonEquality rule : List.of(JsonEquality.strict(), equality)) {
      for (ScriptedTool.Result result : tool.results()) {
        if (rule.same(result.arguments(), arguments, tool.defaults())) {
          return result.value();
        }
      }
    }
    return tool.otherwise();
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
