package io.github.alphaumi.core;

import dev.langchain4j.model.chat.ChatModel;

/**
 * The three roles of one agent. Mixing is a matter of one line: {@code Roles.tuned(local,
 * format).withPlanner(Planner.prompted(remote))}.
 */
public record Roles(Planner planner, Caller caller, Summarizer summarizer) {

  /** All three roles asked of one chat model, each with its own instructions. */
  public static Roles prompted(ChatModel model) {
    return prompted(model, Prompting.defaults());
  }

  /** As above, with examples, and with the model's window. */
  public static Roles prompted(ChatModel model, Prompting prompting) {
    return new Roles(
        Planner.prompted(model, prompting),
        Caller.prompted(model, prompting),
        Summarizer.prompted(model, prompting));
  }

  /** All three roles played by one model that was trained on the given format. */
  public static Roles tuned(TextModel model, PromptFormat format) {
    TunedRoles roles = new TunedRoles(model, format);
    return new Roles(roles, roles, roles);
  }

  public Roles withPlanner(Planner other) {
    return new Roles(other, caller, summarizer);
  }

  public Roles withCaller(Caller other) {
    return new Roles(planner, other, summarizer);
  }

  public Roles withSummarizer(Summarizer other) {
    return new Roles(planner, caller, other);
  }
}
