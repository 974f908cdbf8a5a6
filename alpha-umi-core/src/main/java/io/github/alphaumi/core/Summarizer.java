package io.github.alphaumi.core;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.ChatModel;
import java.util.List;

/**
 * The role that writes the answer. Implementations must be safe for use by several threads if their
 * agent is.
 */
@FunctionalInterface
public interface Summarizer {

  /**
   * Answers the task from what happened.
   *
   * @param trajectory the task and all finished steps
   * @param plan the decision to conclude
   * @param tools the tools that were on offer
   * @param context this run: time left, cancellation, accounting
   * @throws RunStoppedException to end the run with a reason
   */
  String summarize(
      Trajectory trajectory,
      Decision.Conclude plan,
      List<ToolSpecification> tools,
      RunContext context);

  /** A summarizer that asks a chat model. */
  static Summarizer prompted(ChatModel model) {
    return prompted(model, Prompting.defaults());
  }

  /** As above, with examples, and with the model's window. */
  static Summarizer prompted(ChatModel model, Prompting prompting) {
    return new PromptedSummarizer(model, prompting);
  }

  /** A summarizer that continues a raw prompt in the given format. */
  static Summarizer tuned(TextModel model, PromptFormat format) {
    return new TunedRoles(model, format);
  }
}
