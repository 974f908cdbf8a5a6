package io.github.alphaumi.lab;

import dev.langchain4j.model.chat.ChatModel;
import io.github.alphaumi.core.Prompt;
import io.github.alphaumi.core.RunStoppedException;
import io.github.alphaumi.core.StopReason;
import io.github.alphaumi.core.TextModel;
import io.github.alphaumi.onnx.OnnxModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A single model that plays all roles at once, asked by raw prompt: rationale and call, or
 * rationale and answer, in one turn.
 */
final class BackboneModel implements AutoCloseable {
  private static final int MAX_TOKENS = 512;

  /** What ends a turn in the published format and in ChatML. */
  private static final List<String> STOPS = List.of(Published.END, "<|im_end|>");

  private final UnaryOperator<String> model;
  private final Runnable close;

  private BackboneModel(UnaryOperator<String> model, Runnable close) {
    this.model = model;
    this.close = close;
  }

  /**
   * A folder with a base, and {@code adapters/backbone} or {@code adapter} if it is not tuned
   * itself; or an endpoint, which is given the prompt as one user message.
   */
  static BackboneModel open(ModelOptions.ModelSpec spec, @Nullable String key) {
    if (spec.isRemote()) {
      ChatModel chat = Endpoint.chat(spec, key);
      return new BackboneModel(chat::chat, () -> {});
    }
    Path folder = Objects.requireNonNull(spec.folder());
    OnnxModel.Builder builder = OnnxModel.builder(folder);
    @Nullable Path adapter = null;
    for (String name : List.of("adapters/backbone", "adapter")) {
      if (adapter == null && Files.isDirectory(folder.resolve(name))) {
        adapter = folder.resolve(name);
        builder.adapter("backbone", adapter);
      }
    }
    OnnxModel model = builder.build();
    return of(adapter == null ? model : model.adapter("backbone"), model::close);
  }

  static BackboneModel of(TextModel model, Runnable close) {
    return new BackboneModel(prompt -> complete(model, prompt), close);
  }

  private static String complete(TextModel model, String prompt) {
    TextModel.Response response =
        model.complete(
            TextModel.Request.builder(Prompt.of(prompt))
                .stops(STOPS)
                .maxTokens(MAX_TOKENS)
                .build());
    if (response.finish() == TextModel.Finish.CONTEXT_FULL) {
      throw new RunStoppedException(
          StopReason.CONTEXT_FULL,
          "the prompt has "
              + response.use().inputTokens()
              + " tokens and the model's window "
              + model.contextWindow());
    }
    return response.text().strip();
  }

  /**
   * @throws RunStoppedException if the prompt does not fit
   */
  String write(String prompt) {
    return model.apply(prompt);
  }

  @Override
  public void close() {
    close.run();
  }
}
