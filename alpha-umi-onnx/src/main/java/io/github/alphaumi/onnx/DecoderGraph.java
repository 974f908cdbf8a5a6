package io.github.alphaumi.onnx;

import io.github.alphaumi.onnx.OnnxGraph.ElementType;
import java.util.List;
import java.util.Map;

/**
 * Writes the graph of a Llama decoder for ONNX Runtime.
 *
 * <p>Inputs: {@code input_ids} int64 {@code [batch, length]}; {@code seqlens_k} int32 {@code
 * [batch]}, positions in use after this call, less one; {@code total_sequence_length} int32 scalar;
 * {@code out_rows} int64 {@code [rows]}, which of the {@code batch * length} tokens get logits;
 * {@code past_key_values.N.key|value} float {@code [batch, kvHeads, capacity, headSize]}. Outputs:
 * {@code logits} float {@code [rows, vocabulary]} and {@code present.N.key|value}, which are the
 * very buffers of the past when both are bound to the same memory (GroupQueryAttention writes the
 * new positions in place).
 *
 * <p>With adapters, every matrix has optional inputs {@code NAME.lora_A} {@code [in, rank]} and
 * {@code NAME.lora_B} {@code [rank, out]} of rank 0 by default; ONNX Runtime fills them from the
 * adapter that is active in a run.
 */
final class DecoderGraph {
  private final ModelConfig config;
  private final WeightLayout layout;
  private final String weightFile;
  private final boolean adapters;
  private final OnnxGraph graph = new OnnxGraph("decoder");

  private DecoderGraph(
      ModelConfig config, WeightLayout layout, String weightFile, boolean adapters) {
    this.config = config;
    this.layout = layout;
    this.weightFile = weightFile;
    this.adapters = adapters;
  }

  /**
   * @param weightFile name of the weight file in the folder that the session is told
   * @param positions how many positions the rotation tables cover
   */
  static byte[] write(
      Checkpoint checkpoint,
      WeightLayout layout,
      String weightFile,
      int positions,
      boolean adapters) {
    return new DecoderGraph(checkpoint.config(), layout, weightFile, adapters)
        .build(checkpoint, positions);
  }

  private byte[] build(Checkpoint checkpoint, int positions) {
    declare(positions);
    embed();
    String residual = "embedded";
    String delta = "";
    for (int layer = 0; layer < config.layers(); layer++) {
      String at = "layers." + layer + ".";
      String from = "model.layers." + layer + ".";
      String attentionIn = at + "attention_in";
      norm(checkpoint, from + "input_layernorm.weight", residual, delta, attentionIn, at + "r1");
      residual = delta.isEmpty() ? residual : at + "r1";
      linear(WeightLayout.matrix(layer, "qkv"), attentionIn, at + "qkv_out");
      attention(layer, at + "qkv_out", at + "attention");
      linear(WeightLayout.matrix(layer, "o"), at + "attention", at + "o_out");
      String mlpIn = at + "mlp_in";
      norm(
          checkpoint,
          from + "post_attention_layernorm.weight",
          residual,
          at + "o_out",
          mlpIn,
          at + "r2");
      residual = at + "r2";
      delta = mlp(layer, mlpIn);
    }
    norm(checkpoint, Checkpoint.FINAL_NORM, residual, delta, "last_hidden", "");
    head();
    return graph.toByteArray();
  }

  private void declare(int positions) {
    graph.input("input_ids", ElementType.INT64, "batch", "length");
    graph.input("seqlens_k", ElementType.INT32, "batch");
    graph.input("total_sequence_length", ElementType.INT32);
    graph.input("out_rows", ElementType.INT64, "rows");
    graph.output("logits", ElementType.FLOAT, "rows", config.vocabularySize());
    for (int layer = 0; layer < config.layers(); layer++) {
      for (String kind : new String[] {"key", "value"}) {
        graph.input(past(layer, kind), ElementType.FLOAT, cacheShape("capacity"));
        graph.output(present(layer, kind), ElementType.FLOAT, cacheShape("total"));
      }
    }
    long half = config.headSize() / 2;
    Rope rope = config.rope();
    graph.constant("cos", rope.table(positions, config.headSize(), false), positions, half);
    graph.constant("sin", rope.table(positions, config.headSize(), true), positions, half);
    graph.constant("flat", -1, config.hiddenSize());
    layout
        .sections()
        .forEach(
            (name, section) ->
                graph.external(
                    name,
                    section.type(),
                    section.shape(),
                    weightFile,
                    section.offset(),
                    section.length()));
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

  private void embed() {
    if (layout.format() == WeightFormat.FP32) {
      graph.node(
          "Gather",
          List.of(WeightLayout.EMBEDDING, "input_ids"),
          List.of("embedded"),
          Map.of("axis", 0));
      return;
    }
    WeightLayout.Section section = layout.section(WeightLayout.quantized(WeightLayout.EMBEDDING));
    graph.external(
        "embedding.rows",
        ElementType.UINT8,
        new long[] {config.vocabularySize(), section.length() / config.vocabularySize()},
        weightFile,
        section.offset(),
        section.length());
    graph.contribNode(
        "GatherBlockQuantized",
        List.of(
            "embedding.rows",
            "input_ids",
            WeightLayout.scales(WeightLayout.EMBEDDING),
            WeightLayout.zeroPoints(WeightLayout.EMBEDDING)),
        List.of("embedded"),
        Map.of("bits", 8, "block_size", WeightLayout.BLOCK, "gather_axis", 0, "quantize_axis", 1));
  }

  /** Root-mean-square norm of {@code residual + delta}; the sum is kept under {@code sum}. */
  private void norm(
      Checkpoint checkpoint, String weight, String residual, String delta, String out, String sum) {
    TensorData tensor = checkpoint.tensor(weight);
    if (tensor.elements() != config.hiddenSize()) {
      throw tensor.broken("needs " + config.hiddenSize() + " elements");
    }
    float[] gamma = new float[config.hiddenSize()];
    tensor.readFloats(0, gamma, 0, gamma.length);
    graph.constant(weight, gamma, gamma.length);
    if (delta.isEmpty()) {
      graph.node(
          "SimplifiedLayerNormalization",
          List.of(residual, weight),
          List.of(out),
          Map.of("axis", -1, "epsilon", config.rmsEpsilon(), "stash_type", 1));
    } else {
      graph.contribNode(
          "SkipSimplifiedLayerNormalization",
          List.of(residual, delta, weight),
          sum.isEmpty() ? List.of(out) : List.of(out, "", "", sum),
          Map.of("epsilon", config.rmsEpsilon()));
    }
  }

  private void attention(int layer, String qkv, String out) {
    graph.contribNode(
        "GroupQueryAttention",
        List.of(
            qkv,
            "",
            "",
            past(layer, "key"),
            past(layer, "value"),
            "seqlens_k",
            "total_sequence_length",
            "cos",
            "sin"),
        List.of(out, present(layer, "key"), present(layer, "value")),
        Map.of(
            "num_heads",
            config.heads(),
            "kv_num_heads",
            config.keyValueHeads(),
            "scale",
            (float) (1 / Math.sqrt(config.headSize())),
            "do_rotary",
            1,
            "rotary_interleaved",
            0,
            "local_window_size",
            -1));
  }

  private String mlp(int layer, String in) {
    String at = "layers." + layer + ".";
    linear(WeightLayout.matrix(layer, "gate"), in, at + "gate_out");
    linear(WeightLayout.matrix(layer, "up"), in, at + "up_out");
    graph.node("Sigmoid", List.of(at + "gate_out"), List.of(at + "sigmoid"), Map.of());
    graph.node("Mul", List.of(at + "gate_out", at + "sigmoid"), List.of(at + "silu"), Map.of());
    graph.node("Mul", List.of(at + "silu", at + "up_out"), List.of(at + "gated"), Map.of());
    linear(WeightLayout.matrix(layer, "down"), at + "gated", at + "down_out");
    return at + "down_out";
  }

  private void head() {
    graph.node("Reshape", List.of("last_hidden", "flat"), List.of("all_rows"), Map.of());
    graph.node(
        "Gather", List.of("all_rows", "out_rows"), List.of("wanted_rows"), Map.of("axis", 0));
    multiply(config.tiedHead() ? WeightLayout.EMBEDDING : "head", "wanted_rows", "logits");
  }

  private void linear(String matrix, String in, String out) {
    if (!adapters) {
      multiply(matrix, in, out);
      return;
    }
    WeightLayout.Matrix shape = matrix(matrix);
    String a = matrix + ".lora_A";
    String b = matrix + ".lora_B";
    graph.input(a, ElementType.FLOAT, shape.columns(), "rank");
    graph.input(b, ElementType.FLOAT, "rank", shape.rows());
    graph.constant(a, new float[0], shape.columns(), 0);
    graph.constant(b, new float[0], 0, shape.rows());
    multiply(matrix, in, out + ".base");
    graph.node("MatMul", List.of(in, a), List.of(out + ".low"), Map.of());
    graph.node("MatMul", List.of(out + ".low", b), List.of(out + ".high"), Map.of());
    graph.node("Add", List.of(out + ".base", out + ".high"), List.of(out), Map.of());
  }

  private WeightLayout.Matrix matrix(String name) {
    return layout.matrices().stream()
        .filter(matrix -> matrix.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private void multiply(String name, String in, String out) {
    if (layout.format() == WeightFormat.FP32) {
      graph.contribNode("FusedMatMul", List.of(in, name), List.of(out), Map.of("transB", 1));
      return;
    }
    WeightLayout.Matrix matrix = matrix(name);
    graph.contribNode(
        "MatMulNBits",
        List.of(
            in,
            WeightLayout.quantized(name),
            WeightLayout.scales(name),
            WeightLayout.zeroPoints(name)),
        List.of(out),
        Map.of(
            "bits",
            8,
            "block_size",
            WeightLayout.BLOCK,
            "K",
            matrix.columns(),
            "N",
            matrix.rows(),
            "accuracy_level",
            4));
  }
}
