package io.github.alphaumi.core;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.github.alphaumi.core.testkit.RoleContract;
import java.util.Random;

class PromptedRoleContractTest extends RoleContract {

  @Override
  protected Roles roles() {
    Random random = new Random(7);
    return Roles.prompted(
        new ChatModel() {
          @Override
          public synchronized ChatResponse doChat(ChatRequest request) {
            return ChatResponse.builder()
                .aiMessage(AiMessage.from(new MalformedText(random).next()))
                .build();
          }
        },
        Prompting.defaults().withContextWindow(4_096));
  }
}
