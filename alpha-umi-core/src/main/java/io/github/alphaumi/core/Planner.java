package io.github.alphaumi.core;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.ChatModel;
import java.util.List;

/**
 * The role that decides what happens next. Implementations must be safe for use by several threads
 * if their agent is.
 */
@FunctionalInterface
public interface Planner {

  /**
   * Decides the next step.
   *
   * @param trajectory the task and what happened so far
   * @param tools the tools on offer; may be empty
   * @param context this run: time left, cancellation, accounting
   * @throws RunStoppedException to end the run with a reason
   */
  Decision plan(Trajectory trajectory, List<ToolSpecification> tools, RunContext context);

  /** A planner that asks a chat model, by structured output where it has that, else in text. */
  static Planner prompted(ChatModel model) {
    return prompted(model, Prompting.defaults());
  }

  /** As above, with examples, and with the model's window. */
  static Planner prompted(ChatModel model, Prompting prompting) {
    return new PromptedPlanner(model, prompting);
  }

  /** A planner that continues a raw prompt in the given format. */
  static Planner tuned(TextModel model, PromptFormat format) {
    return new TunedRoles(model, format);
  }
}
