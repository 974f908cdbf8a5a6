package io.github.alphaumi.core;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import java.util.List;
import java.util.stream.Collectors;

/** Answers with a chat model; an answer that is not of the type asked for is sent back once. */
final class PromptedSummarizer implements TypedSummarizer {
  private static final String DUTY =
      """
      You answer the user's task from the observations in the conversation. Use the values that \
      are there, invent none, and write only the answer itself.""";
  private static final String INSTRUCTION = "Write the answer to my task.";

  private final ChatRole chat;
  private volatile boolean structured;

  PromptedSummarizer(ChatModel model, Prompting prompting) {
    structured = model.supportedCapabilities().contains(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
    chat =
        new ChatRole(
            model,
            Role.SUMMARIZER,
            DUTY,
            prompting,
            (trajectory, answer) ->
                "Task: "
                    + trajectory.task()
                    + "\n"
                    + trajectory.steps().stream()
                        .map(ChatHistory::observed)
                        .collect(Collectors.joining("\n"))
                    + "\nYou: "
                    + answer);
  }

  @Override
  public String toString() {
    return chat.toString();
  }

  @Override
  public String summarize(
      Trajectory trajectory,
      Decision.Conclude plan,
      List<ToolSpecification> tools,
      RunContext context) {
    List<ChatMessage> messages = messages(trajectory, plan, INSTRUCTION);
    return answer(chat.ask(ChatRequest.builder().messages(messages).build(), context), context);
  }

  @Override
  public String summarize(
      Trajectory trajectory,
      Decision.Conclude plan,
      List<ToolSpecification> tools,
      AnswerType<?> type,
      RunContext context) {
    List<ChatMessage> messages =
        messages(trajectory, plan, INSTRUCTION + " " + ModelMessages.answerForm(type.example()));
    String answer = ask(messages, type, context);
    AnswerType.Reading<?> reading = type.read(answer);
    if (reading.value().isEmpty()) {
      context.repaired(Role.SUMMARIZER, "asked again for an answer after: " + answer);
      String problem = ModelMessages.answerAgain(reading.problem(), type.example());
      answer = ask(ChatRole.corrected(messages, answer, problem), type, context);
    }
    return answer;
  }

  private String ask(List<ChatMessage> messages, AnswerType<?> type, RunContext context) {
    if (structured) {
      try {
        ResponseFormat format =
            ResponseFormat.builder()
                .type(ResponseFormatType.JSON)
                .jsonSchema(JsonSchema.builder().name("answer").rootElement(type.schema()).build())
                .build();
        return answer(
            chat.ask(
                ChatRequest.builder().messages(messages).responseFormat(format).build(), context),
            context);
      } catch (UnsupportedFeatureException e) {
        structured = false;
      }
    }
    return answer(chat.ask(ChatRequest.builder().messages(messages).build(), context), context);
  }

  private List<ChatMessage> messages(
      Trajectory trajectory, Decision.Conclude plan, String instruction) {
    return chat.show(trajectory, new ChatRole.Page(List.of(), plan, instruction, false)).messages();
  }

  private static String answer(ChatRole.Turn turn, RunContext context) {
    if (turn.cut()) {
      context.repaired(Role.SUMMARIZER, "answer cut off");
    }
    return Thinking.without(turn.text()).strip();
  }
}
