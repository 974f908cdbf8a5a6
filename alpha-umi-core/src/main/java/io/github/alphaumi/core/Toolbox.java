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

  /** Checks and runs one call. */
  Observation execute(ToolCall call, RunContext context);

  /**
   * What calls of a tool do to the world. A search never makes a call with an effect a second time
   * on another branch, and takes results of the others over where nothing can have changed.
   *
   * @param tool one of the names on offer, or any other name that a model wrote
   */
  default Effect effect(String tool) {
    return Effect.EFFECTFUL;
  }

  /**
   * Several toolboxes as one.
   *
   * <p>Listing its tools throws an {@link AlphaUmiException} if two offer the same name.
   */
  static Toolbox of(Toolbox... parts) {
    return new JoinedToolbox(List.of(parts));
  }

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
