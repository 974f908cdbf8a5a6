package io.github.alphaumi.core;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ToolChoice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Calls with a chat model: by its own tool calling, required where it can be, or in text where it
 * has none. By tool calling a step can have several calls, in text one. A turn that is no call is
 * sent back once, with what is wrong and a valid call.
 */
final class PromptedCaller implements Caller {
  private static final String DUTY =
      """
      You write tool calls. The last plan says which tool to call and with which values; write \
      exactly that one call, with values from the conversation, and nothing else. Only if the plan \
      asks for several calls, none of which needs what another one returns, write all of them, in \
      its order. The form is:
      Action: the tool's name
      Action Input: its arguments as one JSON object""";
  private static final String INSTRUCTION = "Write the call that this plan asks for.";

  private enum Mode {
    REQUIRED,
    OFFERED,
    TEXT
  }

  private final ChatRole chat;
  private volatile Mode mode = Mode.REQUIRED;

  PromptedCaller(ChatModel model, Prompting prompting) {
    chat =
        new ChatRole(
            model,
            Role.CALLER,
            DUTY,
            prompting,
            (trajectory, answer) ->
                "Task: "
                    + trajectory.task()
                    + trajectory.steps().stream()
                        .filter(step -> !calls(step).isEmpty())
                        .map(
                            step ->
                                "\nPlan: "
                                    + step.plan().rationale()
                                    + "\nYou: "
                                    + calls(step)
                                    + "\n"
                                    + ChatHistory.observed(step))
                        .collect(Collectors.joining()));
  }

  private static String calls(Step step) {
    return step.outcomes().stream()
        .flatMap(outcome -> outcome.call().stream())
        .map(CallText::write)
        .collect(Collectors.joining("\n"));
  }

  @Override
  public String toString() {
    return chat.toString();
  }

  @Override
  public Caller.Turn call(
      Trajectory trajectory,
      Decision.Call plan,
      List<ToolSpecification> tools,
      RunContext context) {
    ChatRole.Shown shown =
        chat.show(trajectory, new ChatRole.Page(tools, plan, INSTRUCTION, mode != Mode.TEXT));
    Caller.Turn turn = read(ask(shown.messages(), shown.tools(), context), tools, context);
    if (turn instanceof Caller.Unreadable bad) {
      context.repaired(Role.CALLER, "asked again for a call after: " + bad.text());
      ToolCall example = ExampleValues.call(tools, plan.rationale() + "\n" + bad.text());
      List<ChatMessage> again =
          ChatRole.corrected(
              shown.messages(), bad.text(), ModelMessages.callAgain(bad.problem(), example));
      turn = read(ask(again, shown.tools(), context), tools, context);
    }
    return turn;
  }

  private ChatRole.Turn ask(
      List<ChatMessage> messages, List<ToolSpecification> tools, RunContext context) {
    while (true) {
      Mode tried = tools.isEmpty() ? Mode.TEXT : mode;
      ChatRequest.Builder request = ChatRequest.builder().messages(messages);
      if (tried != Mode.TEXT) {
        request
            .toolSpecifications(tools)
            .toolChoice(tried == Mode.REQUIRED ? ToolChoice.REQUIRED : ToolChoice.AUTO);
      }
      try {
        return chat.ask(request.build(), context);
      } catch (UnsupportedFeatureException e) {
        if (tried == Mode.TEXT) {
          throw e;
        }
        mode = tried == Mode.REQUIRED ? Mode.OFFERED : Mode.TEXT;
      }
    }
  }

  private static Caller.Turn read(
      ChatRole.Turn turn, List<ToolSpecification> tools, RunContext context) {
    AiMessage message = turn.message();
    if (!message.hasToolExecutionRequests()) {
      Set<String> names =
          tools.stream().map(ToolSpecification::name).collect(Collectors.toUnmodifiableSet());
      CallText.Reading reading =
          turn.cut() ? CallText.readCut(turn.text(), names) : CallText.read(turn.text(), names);
      if (!reading.exact() && reading.turn() instanceof ToolCall call) {
        context.repaired(Role.CALLER, "call read from text: " + call);
      }
      return reading.turn();
    }
    List<ToolExecutionRequest> requests = message.toolExecutionRequests();
    List<Caller.Turn> calls = new ArrayList<>();
    for (ToolExecutionRequest request : requests) {
      boolean last = calls.size() == requests.size() - 1;
      Caller.Turn read = read(request, turn.cut() && last);
      if (read instanceof ToolCall call && !isJson(request.arguments())) {
        context.repaired(Role.CALLER, "arguments mended: " + call);
      }
      calls.add(read);
    }
    boolean any = calls.stream().anyMatch(ToolCall.class::isInstance);
    return any && calls.size() > 1 ? new Caller.Several(calls) : calls.get(0);
  }

  private static boolean isJson(String arguments) {
    return arguments == null
        || arguments.isBlank()
        || JsonValues.parse(arguments).orElse("") instanceof Map<?, ?>;
  }

  static Caller.Turn read(ToolExecutionRequest request, boolean cut) {
    String arguments = request.arguments();
    if (!CallText.isName(request.name())) {
      return new Caller.Unreadable(String.valueOf(arguments), "it names no tool");
    }
    if (arguments == null || arguments.isBlank()) {
      return new ToolCall(request.name(), Map.of());
    }
    return JsonValues.findObject(cut ? arguments + "\u0000" : arguments)
        .<Caller.Turn>map(values -> new ToolCall(request.name(), values))
        .orElseGet(
            () -> new Caller.Unreadable(arguments, ModelMessages.notAnObject(request.name())));
  }
}
