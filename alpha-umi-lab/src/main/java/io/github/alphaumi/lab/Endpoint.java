package io.github.alphaumi.lab;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Chat models of OpenAI-compatible servers, asked as measurements want: greedily. */
final class Endpoint {
  private static final Duration TIMEOUT = Duration.ofMinutes(5);

  private Endpoint() {}

  /**
   * @param key null for servers that want none
   */
  static ChatModel chat(ModelOptions.ModelSpec model, @Nullable String key) {
    return OpenAiChatModel.builder()
        .baseUrl(model.url())
        .modelName(model.name())
        .apiKey(key == null ? "none" : key)
        .temperature(0.0)
        .timeout(TIMEOUT)
        .build();
  }
}
