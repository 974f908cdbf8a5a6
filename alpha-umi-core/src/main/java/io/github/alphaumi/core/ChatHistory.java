package io.github.alphaumi.core;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import io.github.alphaumi.core.Trajectory.Attempt;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Task and history as chat messages.
 *
 * <p>Plans and calls are the assistant's messages, task and observations the user's, strictly in
 * turn: every server takes that, whether or not it knows tools, and no message of it can be left
 * unanswered.
 */
final class ChatHistory {
  private final String instructions;

  /**
   * @param instructions what the first message says before it describes the tools
   */
  ChatHistory(String instructions) {
    this.instructions = instructions;
  }

  /**
   * @param plan this step's, if there is one
   * @param instruction what to do about the plan
   */
  List<ChatMessage> render(
      Trajectory trajectory,
      List<ToolSpecification> tools,
      @Nullable Decision plan,
      String instruction) {
    List<ChatMessage> messages = new ArrayList<>();
    String described =
        tools.isEmpty()
            ? ""
            : "\n\nTools:\n" + ControlTokens.defused(ToolDocuments.LINE.describe(tools));
    messages.add(SystemMessage.from(instructions + described));
    for (Conversation.Exchange exchange : trajectory.conversation().exchanges()) {
      messages.add(user(exchange.task(), List.of()));
      exchange.steps().forEach(step -> messages.addAll(step(step, List.of())));
      messages.add(AiMessage.from(ControlTokens.defused(exchange.answer())));
    }
    messages.add(user(trajectory.task(), trajectory.tried(0)));
    List<Step> steps = trajectory.steps();
    for (int i = 0; i < steps.size(); i++) {
      messages.addAll(step(steps.get(i), trajectory.tried(i + 1)));
    }
    if (plan != null) {
      messages.add(AiMessage.from(ControlTokens.defused(DecisionText.write(plan))));
      messages.add(UserMessage.from(instruction));
    }
    return messages;
  }

  /** Two messages for a step, and what was tried after it. */
  static List<ChatMessage> step(Step step, List<Attempt> tried) {
    return List.of(
        AiMessage.from(ControlTokens.defused(written(step))), user(observed(step), tried));
  }

  /** What was tried is part of the message before it: two of one side are not taken everywhere. */
  private static UserMessage user(String text, List<Attempt> tried) {
    return UserMessage.from(
        ControlTokens.defused(tried.isEmpty() ? text : text + "\n\n" + ModelMessages.tried(tried)));
  }

  private static String written(Step step) {
    StringBuilder text = new StringBuilder(DecisionText.write(step.plan()));
    step.outcomes().stream()
        .flatMap(outcome -> outcome.call().stream())
        .forEach(call -> text.append('\n').append(CallText.write(call)));
    return text.toString();
  }

  /** Several are told apart by their place, which is that of their calls, and their tool. */
  static String observed(Step step) {
    List<Step.Outcome> outcomes = step.outcomes();
    if (outcomes.size() == 1) {
      return "Observation: " + outcomes.get(0).observation().text();
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < outcomes.size(); i++) {
      Step.Outcome outcome = outcomes.get(i);
      text.append(i == 0 ? "" : "\n").append("Observation ").append(i + 1);
      text.append(" (").append(outcome.call().map(ToolCall::name).orElse("no tool")).append("): ");
      text.append(outcome.observation().text());
    }
    return text.toString();
  }

  /** The text of one of these messages. */
  static String content(ChatMessage message) {
    if (message instanceof UserMessage user) {
      return user.singleText();
    }
    return message instanceof SystemMessage system
        ? system.text()
        : String.valueOf(((AiMessage) message).text());
  }
}
