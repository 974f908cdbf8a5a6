package io.github.alphaumi.onnx;

import io.github.alphaumi.core.Caller;
import io.github.alphaumi.core.Planner;
import io.github.alphaumi.core.PromptFormat;
import io.github.alphaumi.core.Roles;
import io.github.alphaumi.core.Summarizer;
import io.github.alphaumi.core.TextModel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An agent's three role models from one folder:
 *
 * <ul>
 *   <li>the base: a Hugging Face folder, or exactly one .gguf file in the folder;
 *   <li>{@code adapter/}, one LoRA adapter that plays all roles, or {@code adapters/planner},
 *       {@code adapters/caller} and {@code adapters/summarizer}, one for each; or none, when the
 *       base itself was tuned;
 *   <li>{@code format.json}, the prompt format it was tuned on; without it the compact one.
 * </ul>
 *
 * <p>All roles share the base's memory. Thread-safe; holds native memory until it is closed.
 */
public final class OnnxRoles implements AutoCloseable {
  private static final String ADAPTER = "adapter";

  /** Each adapter has keys and values of its own: three sequences for each of two runs. */
  private static final int SLOTS = 6;

  private final OnnxModel model;
  private final Roles roles;

  private OnnxRoles(OnnxModel model, Roles roles) {
    this.model = model;
    this.roles = roles;
  }

  /** Loads the folder, with the default cache folder. */
  public static OnnxRoles load(Path folder) {
    return load(folder, OnnxModel.defaultCacheDirectory());
  }

  /**
   * @param cacheDirectory where weights are kept in the form that is loaded
   * @throws ModelFileException if the folder does not hold what is described above
   */
  public static OnnxRoles load(Path folder, Path cacheDirectory) {
    return load(folder, folder, cacheDirectory);
  }

  /**
   * Loads a base and adapters that lie apart.
   *
   * @param base a Hugging Face folder, a .gguf file, or a folder with one
   * @param tuned where {@code adapter/} or {@code adapters/} and {@code format.json} are
   * @throws ModelFileException if they do not hold what is described above
   */
  public static OnnxRoles load(Path base, Path tuned, Path cacheDirectory) {
    Path formatFile = tuned.resolve("format.json");
    PromptFormat format =
        Files.exists(formatFile) ? PromptFormat.load(formatFile) : PromptFormat.compact();
    OnnxModel.Builder builder = OnnxModel.builder(base).cacheDirectory(cacheDirectory);
    if (Files.isDirectory(tuned.resolve(ADAPTER))) {
      OnnxModel model = builder.adapter(ADAPTER, tuned.resolve(ADAPTER)).build();
      return new OnnxRoles(model, Roles.tuned(model.adapter(ADAPTER), format));
    }
    Path adapters = tuned.resolve("adapters");
    if (!Files.isDirectory(adapters)) {
      OnnxModel model = builder.build();
      return new OnnxRoles(model, Roles.tuned(model, format));
    }
    builder.slots(SLOTS);
    for (String role : new String[] {"planner", "caller", "summarizer"}) {
      builder.adapter(role, adapters.resolve(role));
    }
    OnnxModel model = builder.build();
    TextModel planner = model.adapter("planner");
    TextModel caller = model.adapter("caller");
    TextModel summarizer = model.adapter("summarizer");
    return new OnnxRoles(
        model,
        new Roles(
            Planner.tuned(planner, format),
            Caller.tuned(caller, format),
            Summarizer.tuned(summarizer, format)));
  }

  /** What an agent's builder takes. */
  public Roles roles() {
    return roles;
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
