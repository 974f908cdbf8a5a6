package io.github.alphaumi.onnx;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.PartialToolCallContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import io.github.alphaumi.core.Cancellation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a handler of one turn. What the handler throws goes to its own {@code onError} and does not
 * disturb the turn, as langchain4j wants it. One thread runs it; the handle is for any thread.
 */
final class StreamedTurn implements TurnListener, StreamingHandle {
  private static final Logger LOG = LoggerFactory.getLogger(StreamedTurn.class);

  private final StreamingChatResponseHandler handler;
  private final Cancellation cancellation = Cancellation.create();
  private volatile boolean cancelled;

  StreamedTurn(StreamingChatResponseHandler handler) {
    this.handler = handler;
  }

  void run(ChatEngine engine, ChatRequest request) {
    ChatResponse response;
    try {
      response = engine.chat(request, this, cancellation);
    } catch (Exception | Error e) {
      error(e);
      return;
    }
    tell(() -> handler.onCompleteResponse(response));
  }

  private void tell(Runnable news) {
    if (cancelled) {
      return;
    }
    try {
      news.run();
    } catch (Exception e) {
      error(e);
    }
  }

  private void error(Throwable error) {
    if (cancelled) {
      return;
    }
    try {
      handler.onError(error);
    } catch (Exception e) {
      LOG.warn("a handler of a streamed answer failed in onError, after {}", error.toString(), e);
    }
  }

  @Override
  public void text(String more) {
    tell(
        () ->
            handler.onPartialResponse(new PartialResponse(more), new PartialResponseContext(this)));
  }

  @Override
  public void arguments(int index, String id, String name, String more) {
    PartialToolCall part =
        PartialToolCall.builder().index(index).id(id).name(name).partialArguments(more).build();
    tell(() -> handler.onPartialToolCall(part, new PartialToolCallContext(this)));
  }

  @Override
  public void call(int index, ToolExecutionRequest call) {
    tell(() -> handler.onCompleteToolCall(new CompleteToolCall(index, call)));
  }

  @Override
  public void cancel() {
    cancelled = true;
    cancellation.cancel();
  }

  @Override
  public boolean isCancelled() {
    return cancelled;
  }
}
