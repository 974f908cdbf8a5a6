package io.github.alphaumi.onnx;

import io.github.alphaumi.onnx.Architecture.Trait;
import java.util.List;
import java.util.Map;

/** Writes root-mean-square norms into a graph; their weights become constants of the graph. */
final class NormNodes {
  private final OnnxGraph graph;
  private final Checkpoint checkpoint;
  private final ModelConfig config;

  NormNodes(OnnxGraph graph, Checkpoint checkpoint) {
    this.graph = graph;
    this.checkpoint = checkpoint;
    config = checkpoint.config();
  }

  /** A norm's result and what it is the norm of. */
  record Normalized(String value, String sum) {}

  /**
   * Norm of {@code residual + addition} in one operator.
   *
   * @param weight a tensor of the checkpoint
   * @param addition may be empty
   */
  Normalized ofSum(String weight, String residual, String addition) {
    if (addition.isEmpty()) {
      return new Normalized(of(weight, residual), residual);
    }
    String gamma = declare(weight, config.hiddenSize());
    Normalized out = new Normalized(weight + ".normed", weight + ".sum");
    graph.contribNode(
        "SkipSimplifiedLayerNormalization",
        List.of(residual, addition, gamma),
        List.of(out.value(), "", "", out.sum()),
        Map.of("epsilon", config.rmsEpsilon()));
    return out;
  }

  /** Norm of hidden states. */
  String of(String weight, String in) {
    return lastAxis(weight, config.hiddenSize(), in);
  }

  /** Norm along a last axis of this size. */
  String lastAxis(String weight, int size, String in) {
    String gamma = declare(weight, size);
    String out = weight + ".normed";
    graph.node(
        "SimplifiedLayerNormalization",
        List.of(in, gamma),
        List.of(out),
        Map.of("axis", -1, "epsilon", config.rmsEpsilon(), "stash_type", 1));
    return out;
  }

  private String declare(String weight, int size) {
    float[] gamma = checkpoint.tensor(weight).vector(size);
    if (config.has(Trait.NORM_WEIGHTS_FROM_ONE)) {
      for (int i = 0; i < size; i++) {
        gamma[i] += 1;
      }
    }
    graph.constant(weight, gamma, size);
    return weight;
  }
}
