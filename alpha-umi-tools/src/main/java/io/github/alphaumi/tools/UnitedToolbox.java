package io.github.alphaumi.tools;

import dev.langchain4j.agent.tool.ToolSpecification;
import io.github.alphaumi.core.Effect;
import io.github.alphaumi.core.Observation;
import io.github.alphaumi.core.RunContext;
import io.github.alphaumi.core.ToolCall;
import io.github.alphaumi.core.Toolbox;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Several toolboxes as one. Thread-safe if they are. */
final class UnitedToolbox implements Toolbox {
  private final Map<String, Toolbox> owners = new LinkedHashMap<>();
  private final List<ToolSpecification> specifications;

  UnitedToolbox(List<Toolbox> toolboxes) {
    Problems problems = new Problems();
    for (Toolbox toolbox : toolboxes) {
      for (ToolSpecification tool : toolbox.specifications()) {
        if (owners.putIfAbsent(tool.name(), toolbox) != null) {
          problems.add("tool '" + tool.name() + "': two toolboxes have one; rename one of them");
        }
      }
    }
    problems.throwIfAny();
    specifications = toolboxes.stream().flatMap(box -> box.specifications().stream()).toList();
  }

  @Override
  public List<ToolSpecification> specifications() {
    return specifications;
  }

  @Override
  public Effect effect(String tool) {
    Toolbox owner = owners.get(tool);
    return owner == null ? Effect.EFFECTFUL : owner.effect(tool);
  }

  @Override
  public Observation execute(ToolCall call, RunContext context) {
    Toolbox owner = owners.get(call.name());
    return owner == null
        ? ToolNames.unknown(call.name(), owners.keySet())
        : owner.execute(call, context);
  }
}
