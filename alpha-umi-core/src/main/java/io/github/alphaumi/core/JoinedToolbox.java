package io.github.alphaumi.core;

import dev.langchain4j.agent.tool.ToolSpecification;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Several toolboxes as one. A call goes to the one that offered the name when they were listed. */
final class JoinedToolbox implements Toolbox {
  private final List<Toolbox> parts;
  private volatile @Nullable Map<String, Toolbox> owners;

  JoinedToolbox(List<Toolbox> parts) {
    this.parts = List.copyOf(parts);
  }

  @Override
  public List<ToolSpecification> specifications() {
    Map<String, Toolbox> found = new LinkedHashMap<>();
    List<ToolSpecification> all = new ArrayList<>();
    for (Toolbox part : parts) {
      for (ToolSpecification tool : part.specifications()) {
        if (found.putIfAbsent(tool.name(), part) != null) {
          throw new AlphaUmiException(
              "tool '" + tool.name() + "': two toolboxes offer it; give one another name");
        }
        all.add(tool);
      }
    }
    owners = found;
    return List.copyOf(all);
  }

  @Override
  public List<ToolSpecification> shown(
      List<ToolSpecification> offered, Trajectory path, RunContext context) {
    Map<String, Toolbox> known = owners();
    List<ToolSpecification> all = new ArrayList<>();
    for (Toolbox part : parts) {
      List<ToolSpecification> own =
          offered.stream().filter(tool -> known.get(tool.name()) == part).toList();
      all.addAll(part.shown(own, path, context));
    }
    return all;
  }

  @Override
  public Effect effect(String tool) {
    Toolbox owner = owners().get(tool);
    return owner == null ? Effect.EFFECTFUL : owner.effect(tool);
  }

  @Override
  public boolean redacts() {
    return parts.stream().anyMatch(Toolbox::redacts);
  }

  /** A name that no part offered may be one of a part that redacts, misspelt. */
  @Override
  public ToolCall redacted(ToolCall call) {
    Toolbox owner = owners().get(call.name());
    if (owner != null) {
      return owner.redacted(call);
    }
    ToolCall shown = call;
    for (Toolbox part : parts) {
      shown = part.redacted(shown);
    }
    return shown;
  }

  @Override
  public Observation execute(ToolCall call, RunContext context) {
    Map<String, Toolbox> known = owners();
    Toolbox owner = known.get(call.name());
    return owner == null
        ? Observation.error(
            Observation.Status.INVALID, ModelMessages.unknownTool(call.name(), known.keySet()))
        : owner.execute(call, context);
  }

  private Map<String, Toolbox> owners() {
    Map<String, Toolbox> known = owners;
    if (known == null) {
      specifications();
      known = owners;
    }
    return known == null ? Map.of() : known;
  }
}
