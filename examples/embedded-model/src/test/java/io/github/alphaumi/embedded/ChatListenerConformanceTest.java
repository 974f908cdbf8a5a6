package io.github.alphaumi.embedded;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.common.AbstractChatModelListenerIT;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import io.github.alphaumi.onnx.OnnxChatModel;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;

/** langchain4j's own tests of a chat model's listeners, over the embedded base. */
@ExtendWith(SharedModel.class)
class ChatListenerConformanceTest extends AbstractChatModelListenerIT {
  @Override
  protected ChatModel createModel(ChatModelListener listener) {
    return SharedModel.chat()
        .defaultRequestParameters(ListenerParameters.of(temperature(), topP(), maxTokens()))
        .listeners(List.of(listener))
        .build();
  }

  @Override
  protected String modelName() {
    return SharedModel.NAME;
  }

  @Override
  protected ChatModel createFailingModel(ChatModelListener listener) {
    return ListenerParameters.closed(
        model -> OnnxChatModel.builder(model).listeners(List.of(listener)).build());
  }

  @Override
  protected Class<? extends Exception> expectedExceptionClass() {
    return IllegalStateException.class;
  }
}
