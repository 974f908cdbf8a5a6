package io.github.alphaumi.core;

import dev.langchain4j.agent.tool.ToolSpecification;
import java.util.List;

/**
 * The tools of an agent. Implementations are thread-safe, check a call before anything runs, and
 * turn every failure into an observation: they do not throw for what a model wrote or a tool did.
 */
public interface Toolbox {

  /**
   * In the {@link ToolSpecification#metadata metadata} of a tool, which no model reads: the share
   * of a model's window that one result of it may take in prompts, a number above 0 and up to 1.
   * Results of tools without one may take a quarter. What is beyond is cut off, with a notice.
   */
  String MAX_RESULT_SHARE = "alpha-umi.maxResultShare";

  /** The tools on offer, in the order in which models read them; names are unique. */
  List<ToolSpecification> specifications();

  /**
   * Of the tools on offer those that models read about at one place of a run; all by default. A
   * function of its arguments: what happened on other branches of a search must not show, and a run
   * that is resumed has to see the same. Asked before each decision.
   *
   * @param offered what {@link #specifications} gave when the run began
   * @param path the task, and the steps that lead to the place
   */
  default List<ToolSpecification> shown(
      List<ToolSpecification> offered, Trajectory path, RunContext context) {
    return offered;
  }

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
   * Whether arguments of any tool are redacted. While a caller writes, listeners are then not told
   * its text, which may hold them.
   */
  default boolean redacts() {
    return false;
  }

  /**
   * A call as it may be read: by models in later prompts, by listeners, in logs, journals and
   * reports. Only the tool and the {@link Approver} get the call itself. A function of the call,
   * and of what it returns the same again; by default nothing is redacted.
   *
   * @param call as a model wrote it: its name and its arguments need not be right
   */
  default ToolCall redacted(ToolCall call) {
    return call;
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
