package io.github.alphaumi.onnx;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import io.github.alphaumi.core.Cancellation;
import io.github.alphaumi.core.Constraint;
import io.github.alphaumi.core.ModelUse;
import io.github.alphaumi.core.Prompt;
import io.github.alphaumi.core.TextModel;
import io.github.alphaumi.core.TextModel.Finish;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the two chat models share: one turn of the assistant from one request. Thread-safe. */
final class ChatEngine {
  /** Enough to tell the two words apart. */
  private static final int LONGEST_WORD = 16;

  private final OnnxModel model;
  private final ChatParameters parameters;
  private final ChatPrompts prompts;

  ChatEngine(OnnxModel model, ChatParameters parameters, String template) {
    this.model = model;
    this.parameters = parameters;
    prompts = new ChatPrompts(template, model.endToken(), model.tokenizer());
  }

  ChatRequestParameters defaults() {
    return parameters.defaults();
  }

  Set<Capability> capabilities() {
    return Set.of(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
  }

  /**
   * @throws dev.langchain4j.exception.UnsupportedFeatureException if the request wants what is not
   *     to be had here
   */
  void check(ChatRequest request) {
    parameters.check(request.parameters());
    ChatParameters.checkChoice(request.parameters());
    request.messages().forEach(ChatTexts::check);
  }

  /** Writes a turn; {@code cancellation} ends it before the next token. */
  ChatResponse chat(ChatRequest request, TurnListener listener, Cancellation cancellation) {
    check(request);
    ChatRequestParameters wanted = request.parameters();
    String adapter = parameters.adapter(wanted);
    Task task =
        prompts.syntax().isTaught() && !tools(wanted).isEmpty()
            ? taught(request, adapter, cancellation)
            : trained(request);
    TurnReader reader =
        new TurnReader(
            prompts.syntax(),
            task.language().kind(),
            wanted.stopSequences(),
            listener,
            cancellation::cancel);
    TextModel.Response written =
        model.complete(
            TextModel.Request.builder(task.prompt())
                .maxTokens(parameters.maxTokens(wanted))
                .sampling(ChatParameters.sampling(wanted))
                .onText(reader::add)
                .cancellation(cancellation)
                .build(),
            adapter,
            task.language().isFree() ? null : task.language());
    return response(wanted, reader, written);
  }

  /** What to continue, and what it has to look like. */
  private record Task(Prompt prompt, TurnLanguage language) {}

  private static List<ToolSpecification> tools(ChatRequestParameters wanted) {
    return wanted.toolChoice() == ToolChoice.NONE ? List.of() : wanted.toolSpecifications();
  }

  private Task trained(ChatRequest request) {
    ChatRequestParameters wanted = request.parameters();
    boolean required = wanted.toolChoice() == ToolChoice.REQUIRED;
    String form = required ? "" : ChatTexts.form(wanted.responseFormat());
    JsonNode schema = ChatParameters.schema(wanted.responseFormat());
    return new Task(
        prompts.of(request.messages(), tools(wanted), form),
        new TurnLanguage(prompts.syntax(), tools(wanted), required, schema, ""));
  }

  /**
   * Whether to call or to answer is asked first, as a choice between two words: so neither of them
   * counts as output, and what is said of the form of an answer does not sway the choice.
   */
  private Task taught(ChatRequest request, @Nullable String adapter, Cancellation cancellation) {
    ChatRequestParameters wanted = request.parameters();
    List<ToolSpecification> tools = wanted.toolSpecifications();
    Prompt open = prompts.of(request.messages(), tools, "");
    if (wanted.toolChoice() == ToolChoice.REQUIRED || calls(open, adapter, cancellation)) {
      return new Task(
          begun(open, TaughtTools.CALL), new TurnLanguage(prompts.syntax(), tools, true, null, ""));
    }
    String form = ChatTexts.form(wanted.responseFormat());
    JsonNode schema = ChatParameters.schema(wanted.responseFormat());
    return new Task(
        begun(
            form.isEmpty() ? open : prompts.of(request.messages(), tools, form),
            TaughtTools.ANSWER),
        new TurnLanguage(prompts.syntax(), List.of(), false, schema, schema == null ? "" : " "));
  }

  /** Whether the model begins its turn with the word for calls, not with that for an answer. */
  private boolean calls(Prompt prompt, @Nullable String adapter, Cancellation cancellation) {
    TextModel.Request choice =
        TextModel.Request.builder(prompt)
            .maxTokens(LONGEST_WORD)
            .constraint(new Constraint.OneOf(TaughtTools.WORDS))
            .cancellation(cancellation)
            .build();
    return model.complete(choice, adapter, null).text().equals(TaughtTools.CALL);
  }

  private static Prompt begun(Prompt prompt, String word) {
    Prompt.Builder longer = Prompt.builder();
    for (Prompt.Part part : prompt.parts()) {
      if (part.control()) {
        longer.control(part.text());
      } else {
        longer.text(part.text());
      }
    }
    return longer.control(word).build();
  }

  private ChatResponse response(
      ChatRequestParameters wanted, TurnReader reader, TextModel.Response written) {
    String text = reader.finish();
    AiMessage.Builder message = AiMessage.builder().toolExecutionRequests(reader.calls());
    message.text(text == null && reader.calls().isEmpty() ? "" : text);
    ModelUse use = written.use();
    return ChatResponse.builder()
        .aiMessage(message.build())
        .metadata(
            ChatResponseMetadata.builder()
                .id("chat-" + UUID.randomUUID())
                .modelName(parameters.modelName(wanted))
                .tokenUsage(new TokenUsage(use.inputTokens(), use.outputTokens()))
                .finishReason(finish(reader, written.finish()))
                .build())
        .build();
  }

  private static FinishReason finish(TurnReader reader, Finish finish) {
    if (!reader.isHalted() && finish == Finish.CANCELLED) {
      return FinishReason.OTHER;
    }
    if (!reader.isHalted() && finish != Finish.STOP) {
      return FinishReason.LENGTH;
    }
    return reader.calls().isEmpty() ? FinishReason.STOP : FinishReason.TOOL_EXECUTION;
  }
}
