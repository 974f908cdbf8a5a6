package io.github.alphaumi.lab.world;

import dev.langchain4j.agent.tool.ToolSpecification;
import io.github.alphaumi.core.Effect;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tools that are offered together, and tasks for them. Immutable.
 *
 * @param tools in the order in which they are offered
 * @param effects what a call of each tool does, by its name
 * @param failures what each tool answers where there is nothing, by its name
 */
public record ToolSet(
    List<ToolSpecification> tools,
    Map<String, Effect> effects,
    Map<String, String> failures,
    List<WorldTask> tasks) {

  /**
   * The tools as tasks are made of them.
   *
   * @param offered all, in the order in which they are offered
   * @param usable those of which tasks of every kind are made
   * @param twins two that do the same, the first of which is out of service where it matters
   */
  record Tools(
      List<OfferedTool> offered, List<OfferedTool> usable, Optional<List<OfferedTool>> twins) {}

  static ToolSet of(Tools tools, List<WorldTask> tasks) {
    Map<String, Effect> effects = new LinkedHashMap<>();
    Map<String, String> failures = new LinkedHashMap<>();
    for (OfferedTool offered : tools.offered()) {
      effects.put(offered.name(), offered.tool().effect());
      failures.put(offered.name(), offered.tool().failures().get(0));
    }
    return new ToolSet(
        tools.offered().stream().map(OfferedTool::specification).toList(),
        Map.copyOf(effects),
        Map.copyOf(failures),
        List.copyOf(tasks));
  }
}
