package io.github.alphaumi.core;

import dev.langchain4j.agent.tool.ToolSpecification;
import java.util.List;

/**
 * The tools of an agent. Implementations are thread-safe, check a call before anything runs, and
 * turn every failure into an observation: they do not throw for what a model wrote or a tool did.
 */
public interface Toolbox {

  /** The tools on offer, in the order in which models read them; names are unique. */
  List<ToolSpecification> specifications();

  /** What a call of this tool does; {@link Effect#EFFECTFUL} where nothing is known. */
  default Effect effect(String tool) {
    return Effect.EFFECTFUL;
  }

  /** Checks and runs one call. */
  Observation execute(ToolCall call, RunContext context);

  /** A toolbox without tools. */
  static Toolbox empty() {
    return new Toolbox() {
      @Override
      public List<ToolSpecification> specifications() {
        return List.of();
      }

      @Override
      public Observation execute(ToolCall call, RunContext context) {
        return Observation.error(
            Observation.Status.INVALID, ModelMessages.unknownTool(call.name(), List.of()));
      }
    };
  }
}
