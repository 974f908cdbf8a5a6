package io.github.alphaumi.onnx;

import io.github.alphaumi.onnx.Architecture.Trait;
import io.github.alphaumi.onnx.OnnxGraph.ElementType;
import java.util.List;
import java.util.Map;

/**
 * Writes the graph of a decoder of any {@link Architecture} for ONNX Runtime: embedding, layers of
 * attention and MLP, head.
 *
 * <p>Inputs: {@code input_ids} int64 {@code [batch, length]}; {@code seqlens_k} int32 {@code
 * [batch]}, positions in use after this call, less one; {@code total_sequence_length} int32 scalar;
 * {@code out_rows} int64 {@code [rows]}, which of the {@code batch * length} tokens get logits;
 * where it is declared, {@link AttentionNodes#POSITIONS}; {@code past_key_values.N.key|value}
 * {@code [batch, kvHeads, capacity, headSize]} of the layout's type of activations. Outputs: {@code
 * logits} float {@code [rows, vocabulary]} and {@code present.N.key|value}, which are the very
 * buffers of the past when both are bound to the same memory (GroupQueryAttention writes the new
 * positions in place).
 *
 * <p>With adapters, every matrix has optional inputs {@code NAME.lora_A} {@code [in, rank]} and
 * {@code NAME.lora_B} {@code [rank, out]} of rank 0 by default; ONNX Runtime fills them from the
 * adapter that is active in a run.
 */
final class DecoderGraph {
  private final ModelConfig config;
  private final ElementType floats;
  private final OnnxGraph graph;
  private final NormNodes norms;
  private final MatrixNodes matrices;
  private final AttentionNodes attention;

  private DecoderGraph(
      Checkpoint checkpoint,
      WeightLayout layout,
      WeightFolder weights,
      int positions,
      boolean adapters) {
    config = checkpoint.config();
    floats = layout.activations();
    graph = new OnnxGraph("decoder", floats);
    norms = new NormNodes(graph, checkpoint);
    matrices = new MatrixNodes(graph, checkpoint, layout, weights, adapters);
    attention = new AttentionNodes(graph, config, norms, positions);
  }

  /**
   * @param weights the folder that the session is told
   * @param positions how many positions the rotation tables cover
   */
  static byte[] write(
      Checkpoint checkpoint,
      WeightLayout layout,
      WeightFolder weights,
      int positions,
      boolean adapters) {
    return new DecoderGraph(checkpoint, layout, weights, positions, adapters).build();
  }

  private byte[] build() {
    declare();
    String residual = embed();
    String addition = "";
    for (int layer = 0; layer < config.layers(); layer++) {
      NormNodes.Normalized attentionIn =
          norms.ofSum(tensor(layer, "input_layernorm.weight"), residual, addition);
      String attended = attend(layer, attentionIn.value());
      NormNodes.Normalized mlpIn =
          norms.ofSum(
              tensor(layer, config.architecture().normBeforeMlp()), attentionIn.sum(), attended);
      addition = mlp(layer, mlpIn.value());
      residual = mlpIn.sum();
    }
    head(norms.ofSum(Checkpoint.FINAL_NORM, residual, addition).value());
    return graph.toByteArray();
  }

  private static String tensor(int layer, String name) {
    return "model.layers." + layer + "." + name;
  }

  private void declare() {
    graph.input("input_ids", ElementType.INT64, "batch", "length");
    graph.input("seqlens_k", ElementType.INT32, "batch");
    graph.input("total_sequence_length", ElementType.INT32);
    graph.input("out_rows", ElementType.INT64, "rows");
    graph.output("logits", ElementType.FLOAT, "rows", config.vocabularySize());
    for (int layer = 0; layer < config.layers(); layer++) {
      for (String kind : new String[] {"key", "value"}) {
        graph.input(past(layer, kind), floats, cacheShape("capacity"));
        graph.output(present(layer, kind), floats, cacheShape("total"));
      }
    }
  }

  private Object[] cacheShape(String length) {
    return new Object[] {"batch", config.keyValueHeads(), length, config.headSize()};
  }

  static String past(int layer, String kind) {
    return "past_key_values." + layer + "." + kind;
  }

  static String present(int layer, String kind) {
    return "present." + layer + "." + kind;
  }

  private String embed() {
    matrices.embed("input_ids", "embedded");
    if (!config.has(Trait.SCALED_EMBEDDING)) {
      return "embedded";
    }
    graph.constant("embedding_scale", new float[] {(float) Math.sqrt(config.hiddenSize())}, 1);
    return binary("Mul", "embedded", "embedding_scale", "embedded_scaled");
  }

  private String attend(int layer, String in) {
    String qkv = matrices.multiply(WeightLayout.matrix(layer, "qkv"), in);
    if (config.has(Trait.QUERY_KEY_VALUE_BIAS)) {
      qkv = matrices.addBias(WeightLayout.matrix(layer, "qkv"), qkv);
    }
    String heads = attention.attend(layer, qkv);
    String out = matrices.multiply(WeightLayout.matrix(layer, "o"), heads);
    return config.has(Trait.NORMS_AFTER_BLOCKS)
        ? norms.of(tensor(layer, "post_attention_layernorm.weight"), out)
        : out;
  }

  private String mlp(int layer, String in) {
    String gate = matrices.multiply(WeightLayout.matrix(layer, "gate"), in);
    String up = matrices.multiply(WeightLayout.matrix(layer, "up"), in);
    String gated = binary("Mul", activation(gate), up, gate + ".gated");
    String out = matrices.multiply(WeightLayout.matrix(layer, "down"), gated);
    return config.has(Trait.NORMS_AFTER_BLOCKS)
        ? norms.of(tensor(layer, "post_feedforward_layernorm.weight"), out)
        : out;
  }

  private String activation(String gate) {
    String active = gate + ".active";
    if (config.has(Trait.GELU)) {
      graph.node("Gelu", List.of(gate), List.of(active), Map.of("approximate", "tanh"));
      return active;
    }
    graph.node("Sigmoid", List.of(gate), List.of(gate + ".sigmoid"), Map.of());
    return binary("Mul", gate, gate + ".sigmoid", active);
  }

  private String binary(String op, String left, String right, String out) {
    graph.node(op, List.of(left, right), List.of(out), Map.of());
    return out;
  }

  private void head(String hidden) {
    graph.constant("flat", -1, config.hiddenSize());
    graph.node("Reshape", List.of(hidden, "flat"), List.of("all_rows"), Map.of());
    graph.node(
        "Gather", List.of("all_rows", "out_rows"), List.of("wanted_rows"), Map.of("axis", 0));
    if (floats == ElementType.FLOAT) {
      matrices.head("wanted_rows", "logits");
      return;
    }
    matrices.head("wanted_rows", "half_logits");
    graph.cast("half_logits", ElementType.FLOAT, "logits");
  }
}
