package io.github.alphaumi.embedded;

import io.github.alphaumi.onnx.OnnxModel;
import io.github.alphaumi.onnx.OnnxRoles;
import java.nio.file.Path;

/**
 * SmolLM2-135M-Instruct with an adapter that plays the three roles of an agent, from this jar.
 *
 * <pre>{@code
 * try (OnnxRoles model = EmbeddedModel.load()) {
 *   Agent agent = Agent.builder().roles(model.roles()).tools(toolbox).build();
 *   System.out.println(agent.run("Where is my order A-4711?"));
 * }
 * }</pre>
 */
public final class EmbeddedModel {
  private EmbeddedModel() {}

  /** Loads the model, with its files unpacked in the default cache folder. The caller closes it. */
  public static OnnxRoles load() {
    return load(OnnxModel.defaultCacheDirectory());
  }

  /**
   * Loads the model. The first time its files are unpacked into the cache folder; later they are
   * checked against their hashes if their sizes or times have changed, and a file that was altered
   * is unpacked again.
   *
   * @throws io.github.alphaumi.core.AlphaUmiException if the folder cannot be written or the model
   *     not be loaded; the message says what to do
   */
  public static OnnxRoles load(Path cacheDirectory) {
    return OnnxRoles.load(new UnpackedFiles(cacheDirectory).verified(), cacheDirectory);
  }

  /**
   * Loads the model with an adapter for each role, the second stage of its training, instead of one
   * for all: each role then keeps what it has read for itself. {@code MODEL.md} in this jar has how
   * the two compare.
   *
   * @throws io.github.alphaumi.core.AlphaUmiException as {@link #load(Path)} does
   */
  public static OnnxRoles loadTrio(Path cacheDirectory) {
    Path folder = new UnpackedFiles(cacheDirectory).verified();
    return OnnxRoles.load(folder, folder.resolve("trio"), cacheDirectory);
  }
}
