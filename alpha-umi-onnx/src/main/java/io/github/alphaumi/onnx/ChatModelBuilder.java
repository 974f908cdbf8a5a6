package io.github.alphaumi.onnx;

import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The options that both chat models have. Not thread-safe.
 *
 * @param <B> the builder itself
 */
public abstract sealed class ChatModelBuilder<B extends ChatModelBuilder<B>>
    permits OnnxChatModel.Builder, OnnxStreamingChatModel.Builder {
  private final OnnxModel model;
  private String modelName;
  private @Nullable String chatTemplate;
  private ChatRequestParameters defaults = DefaultChatRequestParameters.EMPTY;
  private List<ChatModelListener> listeners = List.of();

  ChatModelBuilder(OnnxModel model) {
    this.model = Objects.requireNonNull(model, "model");
    modelName = model.name();
  }

  abstract B self();

  /** What the model is called in requests and responses; the name of its file by default. */
  public B modelName(String name) {
    modelName = Objects.requireNonNull(name, "modelName");
    return self();
  }

  /** The source of another chat template than the one that came with the model. */
  public B chatTemplate(String source) {
    chatTemplate = Objects.requireNonNull(source, "chatTemplate");
    return self();
  }

  /** What holds where a request says nothing else. See {@link OnnxChatRequestParameters}. */
  public B defaultRequestParameters(ChatRequestParameters parameters) {
    defaults = Objects.requireNonNull(parameters, "defaultRequestParameters");
    return self();
  }

  /** They hear each request, response and error; none by default. */
  public B listeners(List<ChatModelListener> listeners) {
    this.listeners = List.copyOf(listeners);
    return self();
  }

  List<ChatModelListener> listeners() {
    return listeners;
  }

  ChatEngine engine() {
    String template = chatTemplate != null ? chatTemplate : model.chatTemplate().orElse(null);
    if (template == null) {
      throw new IllegalArgumentException(
          model + " came without a chat template; give one with chatTemplate(...)");
    }
    return new ChatEngine(
        model, new ChatParameters(modelName, model.adapters(), defaults), template);
  }
}
