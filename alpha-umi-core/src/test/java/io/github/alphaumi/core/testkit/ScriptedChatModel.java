package io.github.alphaumi.core.testkit;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** A chat model that follows a script and keeps the requests. Not thread-safe. */
public final class ScriptedChatModel implements ChatModel {
  private final Set<Capability> capabilities;
  private final Deque<Function<ChatRequest, ChatResponse>> script = new ArrayDeque<>();
  private final List<ChatRequest> requests = new ArrayList<>();

  public ScriptedChatModel(Capability... capabilities) {
    this.capabilities = Set.of(capabilities);
  }

  /** The next answer is this text. */
  public ScriptedChatModel says(String text) {
    return says(AiMessage.from(text));
  }

  /** The next answer is this message, without a word about tokens. */
  public ScriptedChatModel says(AiMessage message) {
    return does(request -> ChatResponse.builder().aiMessage(message).build());
  }

  /** The next request is answered by this function. */
  public ScriptedChatModel does(Function<ChatRequest, ChatResponse> answer) {
    script.add(answer);
    return this;
  }

  /** The requests so far, oldest first. */
  public List<ChatRequest> requests() {
    return List.copyOf(requests);
  }

  @Override
  public Set<Capability> supportedCapabilities() {
    return capabilities;
  }

  @Override
  public ChatResponse doChat(ChatRequest request) {
    requests.add(request);
    Function<ChatRequest, ChatResponse> answer = script.poll();
    if (answer == null) {
      throw new AssertionError("the chat model's script is at its end");
    }
    return answer.apply(request);
  }
}
