package io.github.alphaumi.core;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import java.util.List;

/** Answers with a chat model. */
final class PromptedSummarizer implements Summarizer {
  private static final String DUTY =
      """
      You answer the user's task from the observations in the conversation. Use the values that \
      are there, invent none, and write only the answer itself.""";
  private static final String INSTRUCTION = "Write the answer to my task.";

  private final ChatRole chat;

  PromptedSummarizer(ChatModel model) {
    chat = new ChatRole(model, Role.SUMMARIZER, DUTY);
  }

  @Override
  public String summarize(
      Trajectory trajectory,
      Decision.Conclude plan,
      List<ToolSpecification> tools,
      RunContext context) {
    return ChatRole.text(
            chat.ask(
                ChatRequest.builder()
                    .messages(chat.messages(trajectory, List.of(), plan, INSTRUCTION))
                    .build(),
                context))
        .strip();
  }
}
