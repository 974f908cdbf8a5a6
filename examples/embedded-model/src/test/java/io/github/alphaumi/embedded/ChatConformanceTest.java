package io.github.alphaumi.embedded;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.common.AbstractChatModelIT;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import java.util.List;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** langchain4j's own tests of a chat model, over the embedded base. */
@ExtendWith(SharedModel.class)
class ChatConformanceTest extends AbstractChatModelIT {
  @Override
  protected List<ChatModel> models() {
    return List.of(SharedModel.chat().build());
  }

  @Override
  protected ChatModel createModelWith(ChatRequestParameters parameters) {
    return SharedModel.chat().defaultRequestParameters(parameters).build();
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
  @Disabled(SharedModel.KNOWS_NO_GERMAN)
  @ParameterizedTest
  @MethodSource("models")
  protected void should_respect_system_message(ChatModel model) {}

  @Override
  @Disabled(SharedModel.FORGETS_COLOURS)
  @ParameterizedTest
  @MethodSource("models")
  protected void should_respect_multiple_messages(ChatModel model) {}
}
