package io.github.alphaumi.onnx;

import io.github.alphaumi.core.Prompt;
import io.github.alphaumi.core.Role;
import io.github.alphaumi.core.Sampling;
import io.github.alphaumi.core.TextModel;
import io.github.alphaumi.core.TextModel.Affinity;
import java.nio.file.Path;

/** Loads {@link TinyModel}s and asks them. */
final class TinyModels {
  private TinyModels() {}

  /** In float32, with one thread, so that equal requests give equal texts to the last bit. */
  static OnnxModel.Builder builder(Path model, Path cacheDirectory) {
    return OnnxModel.builder(model)
        .format(WeightFormat.FP32)
        .threads(1)
        .cacheDirectory(cacheDirectory);
  }

  /** Random text of a run. */
  static TextModel.Request.Builder drawn(String prompt, long seed, String run) {
    return TextModel.Request.builder(Prompt.of(prompt))
        .sampling(Sampling.temperature(1, seed))
        .maxTokens(20)
        .affinity(new Affinity(run, Role.PLANNER));
  }
}
