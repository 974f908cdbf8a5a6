package io.github.alphaumi.core;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Plans with a chat model; a turn without a decision is sent back once. */
final class PromptedPlanner implements Planner {
  private static final String DUTY =
      """
      You plan how to do the user's task with the tools below. You never call a tool yourself: \
      another one does that from what you write. In each turn say in one or two sentences what has \
      to be done next and with which values, then end with exactly one of these:
      Next: caller.      (a tool has to be called now)
      Next: conclusion.  (everything needed for the answer is known)
      Next: give up.     (no tool here can do the task)""";
  private static final String ALL_KNOWN = "All that was asked for is known.";
  private static final ResponseFormat STRUCTURED =
      ResponseFormat.builder()
          .type(ResponseFormatType.JSON)
          .jsonSchema(
              JsonSchema.builder()
                  .name("plan")
                  .rootElement(
                      JsonObjectSchema.builder()
                          .addStringProperty("rationale", "what has to be done next and why")
                          .addEnumProperty("next", List.of("caller", "conclusion", "give up"))
                          .required("rationale", "next")
                          .build())
                  .build())
          .build();

  private final ChatRole chat;
  private volatile boolean structured;

  PromptedPlanner(ChatModel model, Prompting prompting) {
    structured = model.supportedCapabilities().contains(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
    boolean asJson = structured;
    chat =
        new ChatRole(
            model,
            Role.PLANNER,
            DUTY,
            prompting,
            (trajectory, answer) -> example(trajectory, asJson));
  }

  private static String example(Trajectory trajectory, boolean asJson) {
    StringBuilder example = new StringBuilder("Task: " + trajectory.task());
    for (Step step : trajectory.steps()) {
      example
          .append("\nYou: ")
          .append(turn(step.plan(), asJson))
          .append('\n')
          .append(ChatHistory.observed(step));
    }
    return example
        .append("\nYou: ")
        .append(turn(new Decision.Conclude(ALL_KNOWN), asJson))
        .toString();
  }

  private static String turn(Decision decision, boolean asJson) {
    if (!asJson) {
      return DecisionText.write(decision);
    }
    Map<String, String> turn = new LinkedHashMap<>();
    turn.put("rationale", decision.rationale());
    turn.put("next", decision instanceof Decision.Call ? "caller" : "conclusion");
    return PythonJson.write(turn);
  }

  @Override
  public String toString() {
    return chat.toString();
  }

  @Override
  public Decision plan(Trajectory trajectory, List<ToolSpecification> tools, RunContext context) {
    List<ChatMessage> messages =
        chat.show(trajectory, new ChatRole.Page(tools, null, "", false)).messages();
    ChatRole.Turn turn = ask(messages, context);
    Optional<Decision> decision = read(turn, context);
    if (decision.isEmpty()) {
      context.repaired(Role.PLANNER, "asked again for a decision after: " + turn.text());
      turn = ask(ChatRole.corrected(messages, turn.text(), ModelMessages.noDecision()), context);
      decision = read(turn, context);
    }
    if (decision.isPresent()) {
      return decision.get();
    }
    context.repaired(Role.PLANNER, "no decision in: " + turn.text());
    return DecisionText.withoutEnding(turn.text(), trajectory, !tools.isEmpty());
  }

  private ChatRole.Turn ask(List<ChatMessage> messages, RunContext context) {
    if (structured) {
      try {
        return chat.ask(
            ChatRequest.builder().messages(messages).responseFormat(STRUCTURED).build(), context);
      } catch (UnsupportedFeatureException e) {
        structured = false;
      }
    }
    return chat.ask(ChatRequest.builder().messages(messages).build(), context);
  }

  private static Optional<Decision> read(ChatRole.Turn turn, RunContext context) {
    String text = turn.text();
    if (text.isBlank() && turn.message().hasToolExecutionRequests()) {
      ToolExecutionRequest request = turn.message().toolExecutionRequests().get(0);
      context.repaired(Role.PLANNER, "a call of " + request.name() + " taken for a plan");
      return Optional.of(
          new Decision.Call(
              PromptedCaller.read(request, turn.cut()) instanceof ToolCall call
                  ? DecisionText.inWords(call, "")
                  : ""));
    }
    Optional<Decision> structured = DecisionText.structured(Thinking.without(text));
    if (structured.isPresent()) {
      return structured;
    }
    Optional<DecisionText.Reading> reading = DecisionText.read(text);
    reading
        .filter(read -> !read.exact())
        .ifPresent(read -> context.repaired(Role.PLANNER, "decision read from: " + text));
    return reading.map(DecisionText.Reading::decision);
  }
}
