package io.github.alphaumi.embedded;

import io.github.alphaumi.core.PromptFormat;
import io.github.alphaumi.core.Roles;
import io.github.alphaumi.core.TextModel;
import io.github.alphaumi.onnx.OnnxModel;
import java.nio.file.Path;

/**
 * SmolLM2-135M-Instruct with an adapter that plays the three roles of an agent. Thread-safe; holds
 * native memory until it is closed.
 *
 * <pre>{@code
 * try (EmbeddedModel model = EmbeddedModel.load()) {
 *   Agent agent = Agent.builder().roles(model.roles()).tools(toolbox).build();
 *   System.out.println(agent.run("Where is my order A-4711?"));
 * }
 * }</pre>
 */
public final class EmbeddedModel implements AutoCloseable {
  private static final String BASE = "SmolLM2-135M-Instruct.Q4_1.gguf";
  private static final String ADAPTER = "adapter";

  private final OnnxModel model;

  private EmbeddedModel(OnnxModel model) {
    this.model = model;
  }

  /** Loads the model, with its files unpacked in the default cache folder. */
  public static EmbeddedModel load() {
    return load(OnnxModel.defaultCacheDirectory());
  }

  /**
   * Loads the model. The first time its files are unpacked into the cache folder; each time they
   * are checked against their hashes, and a file that was altered is unpacked again.
   *
   * @throws io.github.alphaumi.core.AlphaUmiException if the folder cannot be written or the model
   *     not be loaded; the message says what to do
   */
  public static EmbeddedModel load(Path cacheDirectory) {
    Path files = new UnpackedFiles(cacheDirectory).verified();
    return new EmbeddedModel(
        OnnxModel.builder(files.resolve(BASE))
            .adapter(ADAPTER, files.resolve(ADAPTER))
            .cacheDirectory(cacheDirectory)
            .build());
  }

  /** Planner, caller and summarizer on this model, in the format that it was trained on. */
  public Roles roles() {
    return Roles.tuned(tuned(), PromptFormat.compact());
  }

  /** The model under the adapter of the three roles, as raw text. */
  public TextModel tuned() {
    return model.adapter(ADAPTER);
  }

  /** The base model. */
  public OnnxModel base() {
    return model;
  }

  @Override
  public void close() {
    model.close();
  }
}
