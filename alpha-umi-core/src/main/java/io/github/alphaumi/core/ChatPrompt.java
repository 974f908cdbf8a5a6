package io.github.alphaumi.core;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A chat request as one text for people who look at a run: each message under its kind. */
final class ChatPrompt {
  private ChatPrompt() {}

  static Prompt of(ChatRequest request) {
    Prompt.Builder prompt = Prompt.builder();
    for (ChatMessage message : request.messages()) {
      prompt.control(message.type().name().toLowerCase(Locale.ROOT) + ": ");
      write(message, prompt);
      prompt.control("\n\n");
    }
    List<ToolSpecification> tools = request.toolSpecifications();
    if (tools != null && !tools.isEmpty()) {
      prompt.control(
          tools.stream()
              .map(ToolSpecification::name)
              .collect(Collectors.joining(", ", "functions: ", "\n\n")));
    }
    return prompt.build();
  }

  private static void write(ChatMessage message, Prompt.Builder prompt) {
    if (message instanceof SystemMessage system) {
      prompt.text(system.text());
    } else if (message instanceof UserMessage user && user.hasSingleText()) {
      prompt.text(user.singleText());
    } else if (message instanceof ToolExecutionResultMessage result) {
      prompt.text(result.text());
    } else if (message instanceof AiMessage ai) {
      prompt.text(ai.text() == null ? "" : ai.text());
      for (ToolExecutionRequest call : ai.toolExecutionRequests()) {
        prompt.text("\n" + call.name() + " " + call.arguments());
      }
    } else {
      prompt.text(message.toString());
    }
  }
}
