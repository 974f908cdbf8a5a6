package io.github.alphaumi.core;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.ChatModel;
import java.util.List;

/**
 * The role that turns a plan into one tool call. Implementations must be safe for use by several
 * threads if their agent is.
 */
@FunctionalInterface
public interface Caller {

  /** What a caller wrote: a {@link ToolCall}, or text that cannot be read as one. */
  sealed interface Turn permits ToolCall, UnreadableCall {}

  /**
   * Writes the call that the plan asks for.
   *
   * @param trajectory what happened before this step
   * @param plan this step's decision
   * @param tools the tools on offer, never empty
   * @param context this run: time left, cancellation, accounting
   * @throws RunStoppedException to end the run with a reason
   */
  Turn call(
      Trajectory trajectory, Decision.Call plan, List<ToolSpecification> tools, RunContext context);

  /** A caller that asks a chat model, by its tool calling where it has that, else in text. */
  static Caller prompted(ChatModel model) {
    return new PromptedCaller(model);
  }

  /** A caller that continues a raw prompt in the given format. */
  static Caller tuned(TextModel model, PromptFormat format) {
    return new TunedRoles(model, format);
  }
}
