package io.github.alphaumi.core;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.TokenUsage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the prompted roles share: the history as chat messages, and one accounted chat call.
 *
 * <p>Plans and calls are the assistant's messages, task and observations the user's, strictly in
 * turn: every server takes that, whether or not it knows tools, and no message of it can be left
 * unanswered.
 */
final class ChatRole {
  private final ChatModel model;
  private final Role role;
  private final String duty;

  ChatRole(ChatModel model, Role role, String duty) {
    this.model = model;
    this.role = role;
    this.duty = duty;
  }

  ChatModel model() {
    return model;
  }

  /** Duty, task, history and, if there is one, this step's plan with what to do about it. */
  List<ChatMessage> messages(
      Trajectory trajectory,
      List<ToolSpecification> tools,
      @Nullable Decision plan,
      String instruction) {
    List<ChatMessage> messages = new ArrayList<>();
    messages.add(
        SystemMessage.from(
            tools.isEmpty() ? duty : duty + "\n\nTools:\n" + ToolDocuments.LINE.describe(tools)));
    messages.add(UserMessage.from(trajectory.task()));
    for (Step step : trajectory.steps()) {
      String text = DecisionText.write(step.plan());
      messages.add(
          AiMessage.from(step.call().map(call -> text + "\n" + CallText.write(call)).orElse(text)));
      messages.add(UserMessage.from("Observation: " + step.observation().text()));
    }
    if (plan != null) {
      messages.add(AiMessage.from(DecisionText.write(plan)));
      messages.add(UserMessage.from(instruction));
    }
    return messages;
  }

  AiMessage ask(ChatRequest request, RunContext context) {
    context.checkLimits();
    long start = System.nanoTime();
    ChatResponse response = model.chat(request);
    Duration time = Duration.ofNanos(System.nanoTime() - start);
    TokenUsage usage = response.tokenUsage();
    context.used(
        role,
        new ModelUse(
            usage == null ? 0 : orZero(usage.inputTokenCount()),
            0,
            usage == null ? 0 : orZero(usage.outputTokenCount()),
            Duration.ZERO,
            time));
    AiMessage message = response.aiMessage();
    String text = message.text();
    if (text != null && !text.isEmpty()) {
      context.wrote(role, text);
    }
    return message;
  }

  /** The same conversation, the model's bad turn in it, and what was wrong with that. */
  static List<ChatMessage> corrected(List<ChatMessage> messages, String bad, String problem) {
    List<ChatMessage> again = new ArrayList<>(messages);
    again.add(AiMessage.from(bad.isBlank() ? "(nothing)" : bad));
    again.add(UserMessage.from(problem));
    return again;
  }

  static String text(AiMessage message) {
    String text = message.text();
    return text == null ? "" : text;
  }

  private static int orZero(@Nullable Integer count) {
    return count == null ? 0 : count;
  }
}
