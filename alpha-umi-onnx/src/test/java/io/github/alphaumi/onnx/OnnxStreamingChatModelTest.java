package io.github.alphaumi.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.PartialToolCallContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class OnnxStreamingChatModelTest {
  @TempDir Path folder;
  private OnnxModel model;

  @BeforeEach
  void load() {
    TinyModel tiny = new TinyModel();
    tiny.config.put("max_position_embeddings", 4096);
    model =
        TinyModels.builder(tiny.write(folder), folder.resolve("cache")).contextWindow(4096).build();
  }

  @AfterEach
  void close() {
    model.close();
  }

  /** Writes on the thread that asks: a test then needs not wait. */
  private OnnxStreamingChatModel chat() {
    return OnnxStreamingChatModel.builder(model)
        .chatTemplate(Chats.CHATML)
        .executor(Runnable::run)
        .build();
  }

  private static OnnxChatRequestParameters.Builder drawn() {
    return OnnxChatRequestParameters.builder().temperature(1.0).seed(5L).maxOutputTokens(40);
  }

  private static ChatRequest request(OnnxChatRequestParameters parameters) {
    return ChatRequest.builder().messages(UserMessage.from("Oslo?")).parameters(parameters).build();
  }

  private static class Recorder implements StreamingChatResponseHandler {
    final StringBuilder text = new StringBuilder();
    final List<PartialToolCall> parts = new ArrayList<>();
    final List<CompleteToolCall> calls = new ArrayList<>();
    final List<Throwable> errors = new ArrayList<>();
    @Nullable ChatResponse response;
    int pieces;

    @Override
    public void onPartialResponse(PartialResponse partial, PartialResponseContext context) {
      pieces++;
      text.append(partial.text());
      heard(context.streamingHandle());
    }

    @Override
    public void onPartialToolCall(PartialToolCall partial, PartialToolCallContext context) {
      parts.add(partial);
      heard(context.streamingHandle());
    }

    void heard(StreamingHandle handle) {}

    @Override
    public void onCompleteToolCall(CompleteToolCall call) {
      calls.add(call);
    }

    @Override
    public void onCompleteResponse(ChatResponse complete) {
      response = complete;
    }

    @Override
    public void onError(Throwable error) {
      errors.add(error);
    }
  }

  @Test
  void should_tell_of_the_text_piece_by_piece() {
    Recorder recorder = new Recorder();

    chat().chat(request(drawn().build()), recorder);

    assertThat(recorder.pieces).isGreaterThan(1);
    assertThat(recorder.response.aiMessage().text()).isEqualTo(recorder.text.toString());
    assertThat(recorder.errors).isEmpty();
  }

  @Test
  void should_write_what_the_other_chat_model_writes() {
    Recorder recorder = new Recorder();
    ChatRequest request = request(drawn().build());

    chat().chat(request, recorder);
    ChatResponse response =
        OnnxChatModel.builder(model).chatTemplate(Chats.CHATML).build().chat(request);

    assertThat(recorder.response.aiMessage()).isEqualTo(response.aiMessage());
  }

  @Test
  void should_tell_of_calls_piece_by_piece_and_when_they_are_complete() {
    Recorder recorder = new Recorder();

    chat()
        .chat(
            request(
                drawn()
                    .maxOutputTokens(200)
                    .toolSpecifications(Chats.WEATHER)
                    .toolChoice(ToolChoice.REQUIRED)
                    .build()),
            recorder);

    var calls = recorder.response.aiMessage().toolExecutionRequests();
    assertThat(recorder.calls)
        .extracting(CompleteToolCall::toolExecutionRequest)
        .isEqualTo(calls)
        .isNotEmpty();
    StringBuilder arguments = new StringBuilder();
    for (PartialToolCall part : recorder.parts) {
      if (part.index() == 0) {
        assertThat(part.id()).isEqualTo(calls.get(0).id());
        arguments.append(part.partialArguments());
      }
    }
    assertThat(arguments).hasToString(calls.get(0).arguments());
    assertThat(recorder.parts.size()).isGreaterThan(1);
  }

  @Test
  void should_be_silent_and_idle_within_one_token_of_being_cancelled() {
    List<StreamingHandle> handles = new ArrayList<>();
    Recorder recorder =
        new Recorder() {
          @Override
          void heard(StreamingHandle handle) {
            handles.add(handle);
            if (pieces == 3) {
              handle.cancel();
            }
          }
        };

    // On this thread: it comes back because the writing ends, 1,000 tokens before it would.
    chat().chat(request(drawn().maxOutputTokens(900).build()), recorder);

    assertThat(recorder.pieces).isEqualTo(3);
    assertThat(recorder.response).isNull();
    assertThat(recorder.errors).isEmpty();
    assertThat(handles.get(0).isCancelled()).isTrue();
  }

  @Test
  void should_hand_exceptions_of_the_handler_to_its_on_error_and_go_on() {
    IllegalArgumentException thrown = new IllegalArgumentException("handler");
    Recorder recorder =
        new Recorder() {
          @Override
          void heard(StreamingHandle handle) {
            throw thrown;
          }
        };

    chat().chat(request(drawn().build()), recorder);

    assertThat(recorder.errors).hasSize(recorder.pieces).containsOnly(thrown);
    assertThat(recorder.response).isNotNull();
  }

  @Test
  void should_refuse_at_once_what_is_not_supported() {
    Recorder recorder = new Recorder();

    assertThatThrownBy(() -> chat().chat(request(drawn().presencePenalty(1.0).build()), recorder))
        .isExactlyInstanceOf(UnsupportedFeatureException.class);

    assertThat(recorder.errors).isEmpty();
  }

  @Test
  void should_tell_of_an_error_when_the_model_is_closed() {
    OnnxStreamingChatModel chat = chat();
    model.close();
    Recorder recorder = new Recorder();

    chat.chat(request(drawn().build()), recorder);

    assertThat(recorder.response).isNull();
    assertThat(recorder.errors).singleElement().isInstanceOf(IllegalStateException.class);
  }

  @Test
  void should_write_on_a_daemon_thread_of_its_own_by_default() throws Exception {
    CompletableFuture<Thread> thread = new CompletableFuture<>();
    Recorder recorder =
        new Recorder() {
          @Override
          public void onCompleteResponse(ChatResponse complete) {
            thread.complete(Thread.currentThread());
          }
        };

    OnnxStreamingChatModel.builder(model)
        .chatTemplate(Chats.CHATML)
        .build()
        .chat(request(drawn().maxOutputTokens(3).build()), recorder);

    Thread writer = thread.get(60, TimeUnit.SECONDS);
    assertThat(writer).isNotEqualTo(Thread.currentThread());
    assertThat(writer.isDaemon()).isTrue();
  }
}
