package io.github.alphaumi.onnx;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * An {@link OnnxModel} as a chat model of langchain4j that tells of its answer while it writes it.
 * What it understands and supports is what {@link OnnxChatModel} does.
 *
 * <p>A request that is not supported is refused at once, by an exception; all else happens on a
 * thread of the executor, one thread for one request. There the handler hears the text piece by
 * piece (whole characters, no stop sequence), the arguments of calls piece by piece, each call when
 * it is complete, and at last the response or the error. {@code StreamingHandle.cancel()} ends it
 * before the next token; then the handler hears nothing more. An exception of the handler itself is
 * handed to its {@code onError}, and the answer goes on.
 *
 * <p>Thread-safe. Does not own the model: whoever loaded it closes it; after that requests end with
 * {@link IllegalStateException} in {@code onError}.
 */
public final class OnnxStreamingChatModel implements StreamingChatModel {
  private final ChatEngine engine;
  private final List<ChatModelListener> listeners;
  private final Executor executor;

  private OnnxStreamingChatModel(Builder builder) {
    engine = builder.engine();
    listeners = builder.listeners();
    executor = builder.executor;
  }

  /** The model is to be closed by whoever loaded it, after the last chat. */
  public static Builder builder(OnnxModel model) {
    return new Builder(model);
  }

  @Override
  public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
    engine.check(request);
    executor.execute(() -> new StreamedTurn(handler).run(engine, request));
  }

  @Override
  public ChatRequestParameters defaultRequestParameters() {
    return engine.defaults();
  }

  @Override
  public List<ChatModelListener> listeners() {
    return listeners;
  }

  @Override
  public ModelProvider provider() {
    return ModelProvider.OTHER;
  }

  @Override
  public Set<Capability> supportedCapabilities() {
    return engine.capabilities();
  }

  /** Not thread-safe. */
  public static final class Builder extends ChatModelBuilder<Builder> {
    private Executor executor = Builder::onThreadOfItsOwn;

    private Builder(OnnxModel model) {
      super(model);
    }

    private static void onThreadOfItsOwn(Runnable task) {
      Thread thread = new Thread(task, "alpha-umi-chat");
      thread.setDaemon(true);
      thread.start();
    }

    @Override
    Builder self() {
      return this;
    }

    /** Where answers are written; a daemon thread for each by default. */
    public Builder executor(Executor executor) {
      this.executor = Objects.requireNonNull(executor, "executor");
      return this;
    }

    /**
     * @throws IllegalArgumentException if the model came without a chat template and none is given
     * @throws ChatTemplateException if the template cannot be read
     * @throws dev.langchain4j.exception.UnsupportedFeatureException if the default parameters are
     *     not supported
     */
    public OnnxStreamingChatModel build() {
      return new OnnxStreamingChatModel(this);
    }
  }
}
