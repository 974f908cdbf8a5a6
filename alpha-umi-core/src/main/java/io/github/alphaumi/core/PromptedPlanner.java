package io.github.alphaumi.core;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import java.util.List;
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
  private static final String NO_DECISION =
      "Your turn has to end with one of: Next: caller. Next: conclusion. Next: give up. "
          + "Write it again.";
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
  private final boolean structured;

  PromptedPlanner(ChatModel model) {
    chat = new ChatRole(model, Role.PLANNER, DUTY);
    structured = model.supportedCapabilities().contains(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
  }

  @Override
  public Decision plan(Trajectory trajectory, List<ToolSpecification> tools, RunContext context) {
    List<ChatMessage> messages = chat.messages(trajectory, tools, null, "");
    String text = ask(messages, context);
    Optional<Decision> decision = read(text);
    if (decision.isEmpty()) {
      context.repaired(Role.PLANNER, "asked again for a decision after: " + text);
      text = ask(ChatRole.corrected(messages, text, NO_DECISION), context);
      decision = read(text);
    }
    if (decision.isPresent()) {
      return decision.get();
    }
    context.repaired(Role.PLANNER, "no decision in: " + text);
    return DecisionText.withoutEnding(text, trajectory, !tools.isEmpty());
  }

  private String ask(List<ChatMessage> messages, RunContext context) {
    ChatRequest.Builder request = ChatRequest.builder().messages(messages);
    if (structured) {
      request.responseFormat(STRUCTURED);
    }
    AiMessage message = chat.ask(request.build(), context);
    return ChatRole.text(message);
  }

  private static Optional<Decision> read(String text) {
    Optional<Decision> structured =
        JsonValues.findObject(text)
            .flatMap(
                plan ->
                    plan.get("next") instanceof String next
                        ? DecisionText.choice(
                            next, plan.get("rationale") instanceof String why ? why : "")
                        : Optional.empty());
    return structured.isPresent()
        ? structured
        : DecisionText.read(text).map(DecisionText.Reading::decision);
  }
}
