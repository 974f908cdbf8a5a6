package io.github.alphaumi.onnx;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.github.alphaumi.core.Cancellation;
import java.util.List;
import java.util.Set;

/**
 * An {@link OnnxModel} as a chat model of langchain4j.
 *
 * <pre>{@code
 * try (OnnxModel model = OnnxModel.load(Path.of("SmolLM2-135M-Instruct.gguf"))) {
 *   ChatModel chat = OnnxChatModel.builder(model).build();
 *   System.out.println(chat.chat("What is the capital of Germany?"));
 * }
 * }</pre>
 *
 * <p>Conversations are rendered with the model's own chat template. Control tokens that are written
 * in a message are read as the characters they are made of: no text can forge a turn.
 *
 * <p>Tools: models whose template knows them (Qwen, Hermes, Llama 3) are asked in the way they were
 * trained; all others are shown by a short example how to call them. What they write is held to a
 * grammar, so that a call always names a tool that exists and has arguments that its schema allows,
 * and a JSON answer always fits its schema; where {@code maxOutputTokens} do not suffice for it, it
 * is brought to the shortest end that is valid. A model that was shown how to call is cut off when
 * it repeats a call of the same turn word for word.
 *
 * <p>Parameters: {@code temperature} 0, {@code maxOutputTokens} 1,024 unless given; {@code
 * modelName} is the model's own name or that of an adapter that was loaded with it; stop sequences
 * end the text of an answer. A conversation that does not fit the context window is answered with
 * an empty text and LENGTH. Not supported are penalties, other model names, and messages with
 * pictures, sound, video or files: {@link dev.langchain4j.exception.UnsupportedFeatureException}.
 *
 * <p>Thread-safe. Does not own the model: whoever loaded it closes it; after that {@link
 * #chat(ChatRequest)} throws {@link IllegalStateException}. A thread that is interrupted gets what
 * was written so far, with the finish reason OTHER.
 */
public final class OnnxChatModel implements ChatModel {
  private final ChatEngine engine;
  private final List<ChatModelListener> listeners;

  private OnnxChatModel(Builder builder) {
    engine = builder.engine();
    listeners = builder.listeners();
  }

  /** The model is to be closed by whoever loaded it, after the last chat. */
  public static Builder builder(OnnxModel model) {
    return new Builder(model);
  }

  @Override
  public ChatResponse doChat(ChatRequest request) {
    return engine.chat(request, TurnListener.NONE, Cancellation.create());
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
    private Builder(OnnxModel model) {
      super(model);
    }

    @Override
    Builder self() {
      return this;
    }

    /**
     * @throws IllegalArgumentException if the model came without a chat template and none is given
     * @throws ChatTemplateException if the template cannot be read
     * @throws dev.langchain4j.exception.UnsupportedFeatureException if the default parameters are
     *     not supported
     */
    public OnnxChatModel build() {
      return new OnnxChatModel(this);
    }
  }
}
