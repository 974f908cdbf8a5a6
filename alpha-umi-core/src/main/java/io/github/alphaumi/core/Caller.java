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
    return prompted(model, Prompting.defaults());
  }

  /** As above, with examples, and with the model's window. */
  static Caller prompted(ChatModel model, Prompting prompting) {
    return new PromptedCaller(model, prompting);
  }

  /** A caller that continues a raw prompt in the given format. */
  static Caller tuned(TextModel model, PromptFormat format) {
    return new TunedRoles(model, format);
  }

  /**
   * This caller, and another one for what it cannot do: when two of its calls in a row are no call
   * of a tool on offer with the arguments it needs, or were refused as invalid by the tools, or
   * when it throws. Longer chains are made of several.
   *
   * <pre>{@code
   * Caller caller = Caller.tuned(local, format).withFallback(Caller.prompted(remote));
   * }</pre>
   */
  default Caller withFallback(Caller other) {
    return new FallbackCaller(this, other);
  }
}
