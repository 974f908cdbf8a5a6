package io.github.alphaumi.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.data.message.AudioContent;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds whatever the weights: those of this model are random. */
@Timeout(60)
class OnnxChatModelTest {
  @TempDir static Path folder;
  private static OnnxModel model;

  @BeforeAll
  static void load() {
    TinyModel tiny = new TinyModel();
    tiny.config.put("max_position_embeddings", 4096);
    tiny.write(folder);
    TinyModel.writeAdapter(folder.resolve("adapter"), 1);
    model =
        TinyModels.builder(folder, folder.resolve("cache"))
            .contextWindow(4096)
            .adapter("other", folder.resolve("adapter"))
            .build();
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static OnnxChatModel.Builder chat(String template) {
    return OnnxChatModel.builder(model).modelName("tiny").chatTemplate(template);
  }

  private static OnnxChatRequestParameters.Builder drawn(long seed) {
    return OnnxChatRequestParameters.builder().temperature(1.0).seed(seed).maxOutputTokens(60);
  }

  private static ChatResponse ask(String template, ChatRequestParameters parameters) {
    return chat(template)
        .build()
        .chat(
            ChatRequest.builder()
                .messages(UserMessage.from("Oslo?"))
                .parameters(parameters)
                .build());
  }

  private static void refuses(ChatRequestParameters parameters, String feature) {
    assertThatThrownBy(() -> ask(Chats.CHATML, parameters))
        .isExactlyInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining(feature)
        .hasMessageContaining("not support");
    assertThatThrownBy(() -> chat(Chats.CHATML).defaultRequestParameters(parameters).build())
        .isExactlyInstanceOf(UnsupportedFeatureException.class);
  }

  @Test
  void should_refuse_what_it_does_not_support() {
    refuses(ChatRequestParameters.builder().modelName("gpt").build(), "modelName");
    refuses(ChatRequestParameters.builder().frequencyPenalty(0.5).build(), "frequencyPenalty");
    refuses(ChatRequestParameters.builder().presencePenalty(0.5).build(), "presencePenalty");
  }

  @Test
  void should_refuse_pictures_and_sounds() {
    OnnxChatModel chat = chat(Chats.CHATML).build();

    for (var content :
        new dev.langchain4j.data.message.Content[] {
          ImageContent.from("https://example.com/cat.png"),
          AudioContent.from("https://example.com/cat.wav")
        }) {
      assertThatThrownBy(() -> chat.chat(UserMessage.from(TextContent.from("What?"), content)))
          .isExactlyInstanceOf(UnsupportedFeatureException.class)
          .hasMessageContaining(content.type().name().toLowerCase(java.util.Locale.ROOT))
          .hasMessageContaining("not support");
    }
  }

  @Test
  void should_refuse_to_require_a_call_without_tools() {
    assertThatThrownBy(
            () ->
                ask(
                    Chats.CHATML,
                    ChatRequestParameters.builder().toolChoice(ToolChoice.REQUIRED).build()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("REQUIRED");
  }

  @Test
  void should_fail_to_build_without_a_template() {
    assertThatThrownBy(() -> OnnxChatModel.builder(model).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("chatTemplate");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void should_call_with_arguments_of_the_schema_where_a_call_is_required(long seed)
      throws IOException {
    for (String template : new String[] {Chats.CHATML, Chats.HERMES}) {
      ChatResponse response =
          ask(
              template,
              drawn(seed)
                  .toolSpecifications(Chats.WEATHER)
                  .toolChoice(ToolChoice.REQUIRED)
                  .maxOutputTokens(150)
                  .build());

      assertThat(response.aiMessage().text()).isNull();
      assertThat(response.aiMessage().toolExecutionRequests()).isNotEmpty();
      for (var call : response.aiMessage().toolExecutionRequests()) {
        JsonNode arguments = new ObjectMapper().readTree(call.arguments());
        assertThat(call.name()).isEqualTo("weather");
        assertThat(arguments.path("city").isTextual()).isTrue();
        assertThat(arguments).hasSize(1);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void should_not_call_where_calls_are_not_wanted(long seed) {
    ChatResponse response =
        ask(
            Chats.HERMES,
            drawn(seed)
                .toolSpecifications(Chats.WEATHER, Chats.CLOCK)
                .toolChoice(ToolChoice.NONE)
                .build());

    assertThat(response.aiMessage().toolExecutionRequests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void should_answer_with_json_of_the_schema(long seed) throws IOException {
    JsonSchema schema =
        JsonSchema.builder()
            .name("answer")
            .rootElement(
                JsonObjectSchema.builder()
                    .addIntegerProperty("count")
                    .addEnumProperty("unit", java.util.List.of("metre", "foot"))
                    .required("count", "unit")
                    .build())
            .build();

    String text = ask(Chats.CHATML, drawn(seed).responseFormat(schema).build()).aiMessage().text();

    JsonNode answer = new ObjectMapper().readTree(text);
    assertThat(answer.path("count").isIntegralNumber()).isTrue();
    assertThat(answer.path("unit").asText()).isIn("metre", "foot");
  }

  @Test
  void should_answer_with_a_json_object_where_no_schema_is_given() throws IOException {
    String text =
        ask(Chats.CHATML, drawn(1).responseFormat(ResponseFormat.JSON).build()).aiMessage().text();

    assertThat(new ObjectMapper().readTree(text).isObject()).isTrue();
  }

  @Test
  void should_end_a_text_with_length_where_the_tokens_do_not_suffice() {
    ChatResponse response = ask(Chats.CHATML, drawn(1).maxOutputTokens(4).build());

    assertThat(response.finishReason()).isEqualTo(FinishReason.LENGTH);
    assertThat(response.tokenUsage().outputTokenCount()).isEqualTo(4);
    assertThat(response.tokenUsage().totalTokenCount())
        .isEqualTo(4 + response.tokenUsage().inputTokenCount());
  }

  @Test
  void should_bring_a_call_to_a_valid_end_where_the_tokens_do_not_suffice() {
    ChatResponse response =
        ask(
            Chats.HERMES,
            OnnxChatRequestParameters.builder()
                .toolSpecifications(Chats.WEATHER)
                .toolChoice(ToolChoice.REQUIRED)
                .maxOutputTokens(4)
                .build());

    assertThat(response.aiMessage().toolExecutionRequests())
        .singleElement()
        .extracting(call -> call.arguments())
        .isEqualTo("{\"city\": \"\"}");
  }

  @Test
  void should_answer_a_conversation_that_does_not_fit_with_length() {
    ChatResponse response = chat(Chats.CHATML).build().chat(UserMessage.from("word ".repeat(4000)));

    assertThat(response.finishReason()).isEqualTo(FinishReason.LENGTH);
    assertThat(response.aiMessage().text()).isEmpty();
  }

  @Test
  void should_give_the_same_text_for_the_same_seed_and_another_under_an_adapter() {
    String text = ask(Chats.CHATML, drawn(3).build()).aiMessage().text();

    ChatResponse adapted = ask(Chats.CHATML, drawn(3).modelName("other").build());

    assertThat(ask(Chats.CHATML, drawn(3).build()).aiMessage().text()).isEqualTo(text);
    assertThat(adapted.aiMessage().text()).isNotEqualTo(text);
    assertThat(adapted.modelName()).isEqualTo("other");
  }

  @Test
  void should_say_what_it_is_and_can_do() {
    OnnxChatModel chat = chat(Chats.CHATML).build();

    assertThat(chat.provider()).isEqualTo(ModelProvider.OTHER);
    assertThat(chat.supportedCapabilities())
        .containsExactly(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
    assertThat(chat.defaultRequestParameters().modelName()).isEqualTo("tiny");
    assertThat(chat.listeners()).isEmpty();
  }

  @Test
  void should_keep_parameters_of_its_own_when_they_are_merged() {
    var defaults = OnnxChatRequestParameters.builder().seed(7L).topK(3).build();
    var asked = ChatRequestParameters.builder().topK(5).build();

    assertThat(defaults.overrideWith(asked))
        .isEqualTo(OnnxChatRequestParameters.builder().seed(7L).topK(5).build());
    assertThat(defaults.defaultedBy(asked)).isEqualTo(defaults);
    assertThat(defaults).isNotEqualTo(OnnxChatRequestParameters.builder().topK(3).build());
  }
}
