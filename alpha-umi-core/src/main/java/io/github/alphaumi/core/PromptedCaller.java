package io.github.alphaumi.core;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ToolChoice;
import java.util.List;
import java.util.Map;

/** Calls with a chat model: by its own tool calling, or in text where it has none. */
final class PromptedCaller implements Caller {
  private static final String DUTY =
      """
      You write tool calls. The last plan says which tool to call and with which values; write \
      exactly that one call, with values from the conversation, and nothing else. The form is:
      Action: the tool's name
      Action Input: its arguments as one JSON object""";
  private static final String INSTRUCTION = "Write the call that this plan asks for.";

  private final ChatRole chat;
  private volatile boolean toolCalling = true;

  PromptedCaller(ChatModel model) {
    chat = new ChatRole(model, Role.CALLER, DUTY);
  }

  @Override
  public Caller.Turn call(
      Trajectory trajectory,
      Decision.Call plan,
      List<ToolSpecification> tools,
      RunContext context) {
    List<ChatMessage> messages = chat.messages(trajectory, tools, plan, INSTRUCTION);
    AiMessage message = ask(messages, tools, context);
    Caller.Turn turn = read(message);
    if (turn instanceof UnreadableCall bad) {
      context.repaired(Role.CALLER, "asked again for a call after: " + bad.text());
      turn = read(ask(ChatRole.corrected(messages, bad.text(), bad.problem()), tools, context));
    }
    return turn;
  }

  private AiMessage ask(
      List<ChatMessage> messages, List<ToolSpecification> tools, RunContext context) {
    if (toolCalling) {
      try {
        return chat.ask(
            ChatRequest.builder()
                .messages(messages)
                .toolSpecifications(tools)
                .toolChoice(ToolChoice.REQUIRED)
                .build(),
            context);
      } catch (UnsupportedFeatureException e) {
        toolCalling = false;
      }
    }
    return chat.ask(ChatRequest.builder().messages(messages).build(), context);
  }

  private static Caller.Turn read(AiMessage message) {
    if (!message.hasToolExecutionRequests()) {
      return CallText.read(ChatRole.text(message)).turn();
    }
    ToolExecutionRequest request = message.toolExecutionRequests().get(0);
    if (!CallText.isName(request.name())) {
      return new UnreadableCall(String.valueOf(request.arguments()), "it names no tool");
    }
    String arguments = request.arguments();
    if (arguments == null || arguments.isBlank()) {
      return new ToolCall(request.name(), Map.of());
    }
    return JsonValues.findObject(arguments)
        .<Caller.Turn>map(values -> new ToolCall(request.name(), values))
        .orElseGet(() -> new UnreadableCall(arguments, CallText.notAnObject(request.name())));
  }
}
