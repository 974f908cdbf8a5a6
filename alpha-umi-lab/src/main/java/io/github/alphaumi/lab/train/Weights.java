package io.github.alphaumi.lab.train;

import io.github.alphaumi.onnx.ModelWeights;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * What a network computes with; shared by all workers.
 *
 * @param embedding {@code [vocabulary, hidden]}
 * @param head {@code [vocabulary, hidden]}; the embedding if these are tied
 * @param finalNorm {@code [hidden]}
 * @param cosines of positions, {@code [positions, headSize / 2]}
 * @param sines as {@code cosines}
 */
record Weights(
    ModelWeights.Shape shape,
    Tensor embedding,
    Tensor head,
    Tensor finalNorm,
    List<Layer> layers,
    Tensor cosines,
    Tensor sines) {

  /**
   * @param attentionNorm {@code [hidden]}
   * @param queryKeyValue rows of q, then k, then v
   * @param bias added to what {@code queryKeyValue} gives, in families that have it
   * @param mlpNorm {@code [hidden]}
   * @param gateUp rows of gate, then up
   */
  record Layer(
      Tensor attentionNorm,
      Matrix queryKeyValue,
      @Nullable Tensor bias,
      Matrix output,
      Tensor mlpNorm,
      Matrix gateUp,
      Matrix down) {
    List<Matrix> matrices() {
      return List.of(queryKeyValue, output, gateUp, down);
    }
  }

  int positions() {
    return (int) cosines.size(0);
  }
}
