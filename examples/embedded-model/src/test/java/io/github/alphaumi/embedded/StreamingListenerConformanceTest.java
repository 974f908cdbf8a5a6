package io.github.alphaumi.embedded;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.common.AbstractStreamingChatModelListenerIT;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import io.github.alphaumi.onnx.OnnxStreamingChatModel;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;

/** langchain4j's own tests of the listeners of a streaming chat model, over the embedded base. */
@ExtendWith(SharedModel.class)
class StreamingListenerConformanceTest extends AbstractStreamingChatModelListenerIT {
  @Override
  protected StreamingChatModel createModel(ChatModelListener listener) {
    return SharedModel.streaming()
        .defaultRequestParameters(ListenerParameters.of(temperature(), topP(), maxTokens()))
        .listeners(List.of(listener))
        .build();
  }

  @Override
  protected String modelName() {
    return SharedModel.NAME;
  }

  @Override
  protected StreamingChatModel createFailingModel(ChatModelListener listener) {
    return ListenerParameters.closed(
        model -> OnnxStreamingChatModel.builder(model).listeners(List.of(listener)).build());
  }

  @Override
  protected Class<? extends Exception> expectedExceptionClass() {
    return IllegalStateException.class;
  }
}
