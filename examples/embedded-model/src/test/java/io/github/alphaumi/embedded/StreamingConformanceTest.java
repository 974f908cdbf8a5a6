package io.github.alphaumi.embedded;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.argThat;
import static org.mockito.Mockito.atLeastOnce;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.common.AbstractStreamingChatModelIT;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.util.List;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mockito.InOrder;

/** langchain4j's own tests of a streaming chat model, over the embedded base. */
@ExtendWith(SharedModel.class)
class StreamingConformanceTest extends AbstractStreamingChatModelIT {
  @Override
  protected List<StreamingChatModel> models() {
    return List.of(SharedModel.streaming().build());
  }

  @Override
  protected StreamingChatModel createModelWith(ChatRequestParameters parameters) {
    return SharedModel.streaming().defaultRequestParameters(parameters).build();
  }

  @Override
  public StreamingChatModel createModelWith(ChatModelListener listener) {
    return SharedModel.streaming().listeners(List.of(listener)).build();
  }

  @Override
  protected ChatRequestParameters createIntegrationSpecificParameters(int maxOutputTokens) {
    return SharedModel.limitedTo(maxOutputTokens);
  }

  @Override
  protected String customModelName() {
    return SharedModel.ADAPTER;
  }

  @Override
  protected boolean supportsSingleImageInputAsBase64EncodedString() {
    return false;
  }

  @Override
  protected boolean supportsSingleImageInputAsPublicURL() {
    return false;
  }

  @Override
  protected void verifyToolCallbacks(
      StreamingChatResponseHandler handler, InOrder order, String id) {
    verifyCall(handler, order, complete(0, id, "getWeather", "{\"city\": \"Munich\"}"));
  }

  @Override
  protected void verifyToolCallbacks(
      StreamingChatResponseHandler handler, InOrder order, String first, String second) {
    verifyToolCallbacks(handler, order, first);
    verifyCall(handler, order, complete(1, second, "getTime", "{\"country\": \"France\"}"));
  }

  /** The arguments come in as many pieces as they have tokens, and then the call. */
  private static void verifyCall(
      StreamingChatResponseHandler handler, InOrder order, CompleteToolCall call) {
    order
        .verify(handler, atLeastOnce())
        .onPartialToolCall(argThat(part -> part.index() == call.index()), any());
    order.verify(handler).onCompleteToolCall(call);
  }

  @Override
  @Disabled(SharedModel.KNOWS_NO_GERMAN)
  @ParameterizedTest
  @MethodSource("models")
  protected void should_respect_system_message(StreamingChatModel model) {}

  @Override
  @Disabled(SharedModel.FORGETS_COLOURS)
  @ParameterizedTest
  @MethodSource("models")
  protected void should_respect_multiple_messages(StreamingChatModel model) {}
}
