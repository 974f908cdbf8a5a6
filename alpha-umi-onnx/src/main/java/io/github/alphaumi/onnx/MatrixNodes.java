package io.github.alphaumi.onnx;

import io.github.alphaumi.onnx.OnnxGraph.ElementType;
import io.github.alphaumi.onnx.WeightLayout.Matrix;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes what works with the matrices of the weight file into a graph: looking up embeddings,
 * products with or without adapters, biases.
 */
final class MatrixNodes {
  /**
   * Activations of a product are rounded to 8 bits, in blocks: more than twice as fast as floats.
   */
  private static final int INT8_ACTIVATIONS = 4;

  /** Activations of a product keep their type. */
  private static final int AS_THEY_ARE = 0;

  private final OnnxGraph graph;
  private final Checkpoint checkpoint;
  private final WeightLayout layout;
  private final String weightFile;
  private final boolean adapters;
  private final Set<String> casts = new HashSet<>();

  MatrixNodes(
      OnnxGraph graph,
      Checkpoint checkpoint,
      WeightLayout layout,
      String weightFile,
      boolean adapters) {
    this.graph = graph;
    this.checkpoint = checkpoint;
    this.layout = layout;
    this.weightFile = weightFile;
    this.adapters = adapters;
    layout.sections().forEach((name, section) -> declare(name, section, section.shape()));
  }

  private void declare(String name, WeightLayout.Section section, long... shape) {
    graph.external(name, section.type(), shape, weightFile, section.offset(), section.length());
  }

  /** The embedding's rows of these ids. */
  void embed(String ids, String out) {
    Matrix embedding = layout.matrix(WeightLayout.EMBEDDING);
    if (embedding.encoding().isFloats()) {
      String rows = isCast(embedding) ? out + ".half" : out;
      graph.node("Gather", List.of(embedding.name(), ids), List.of(rows), Map.of("axis", 0));
      if (isCast(embedding)) {
        graph.cast(rows, layout.activations(), out);
      }
      return;
    }
    // The same bytes as for the product with the head, without the axis of blocks.
    WeightLayout.Section section = layout.section(WeightLayout.quantized(embedding.name()));
    declare("embedding.rows", section, embedding.rows(), section.length() / embedding.rows());
    graph.contribNode(
        "GatherBlockQuantized",
        List.of(
            "embedding.rows",
            ids,
            WeightLayout.scales(embedding.name()),
            WeightLayout.zeroPoints(embedding.name())),
        List.of(out),
        Map.of(
            "bits",
            embedding.encoding().bits(),
            "block_size",
            embedding.encoding().block(),
            "gather_axis",
            0,
            "quantize_axis",
            1));
  }

  /** The product with the output head, which no adapter changes. */
  void head(String in, String out) {
    boolean tied = checkpoint.config().tiedHead();
    base(layout.matrix(tied ? WeightLayout.EMBEDDING : WeightLayout.HEAD), in, out);
  }

  /** The product of a layer's matrix, with an adapter's part where there may be one. */
  String multiply(String name, String in) {
    Matrix matrix = layout.matrix(name);
    String out = name + ".out";
    if (!adapters) {
      base(matrix, in, out);
      return out;
    }
    String a = name + ".lora_A";
    String b = name + ".lora_B";
    graph.input(a, layout.activations(), matrix.columns(), "rank");
    graph.input(b, layout.activations(), "rank", matrix.rows());
    graph.constant(a, new float[0], matrix.columns(), 0);
    graph.constant(b, new float[0], 0, matrix.rows());
    base(matrix, in, out + ".base");
    graph.node("MatMul", List.of(in, a), List.of(out + ".low"), Map.of());
    graph.node("MatMul", List.of(out + ".low", b), List.of(out + ".high"), Map.of());
    graph.node("Add", List.of(out + ".base", out + ".high"), List.of(out), Map.of());
    return out;
  }

  private void base(Matrix matrix, String in, String out) {
    String name = matrix.name();
    if (matrix.encoding().isFloats()) {
      graph.contribNode(
          "FusedMatMul", List.of(in, floats(matrix)), List.of(out), Map.of("transB", 1));
      return;
    }
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
            matrix.encoding().bits(),
            "block_size",
            matrix.encoding().block(),
            "K",
            matrix.columns(),
            "N",
            matrix.rows(),
            "accuracy_level",
            layout.activations() == ElementType.FLOAT ? INT8_ACTIVATIONS : AS_THEY_ARE));
  }

  /** Halves for a graph of floats are made floats when it is loaded, once for all their users. */
  private String floats(Matrix matrix) {
    if (!isCast(matrix)) {
      return matrix.name();
    }
    String floats = matrix.name() + ".floats";
    if (casts.add(floats)) {
      graph.cast(matrix.name(), layout.activations(), floats);
    }
    return floats;
  }

  private boolean isCast(Matrix matrix) {
    return layout.section(matrix.name()).type() != layout.activations();
  }

  /** Adds the biases that stand beside the tensors of a matrix. */
  String addBias(String name, String in) {
    Matrix matrix = layout.matrix(name);
    float[] bias = new float[matrix.rows()];
    int at = 0;
    for (WeightLayout.Part part : matrix.parts()) {
      String tensor = part.tensor().replaceFirst("weight$", "bias");
      float[] values = checkpoint.tensor(tensor).vector(part.tensorRows());
      System.arraycopy(values, part.firstRow(), bias, at, part.rows());
      at += part.rows();
    }
    String out = in + ".biased";
    graph.constant(name + ".bias", bias, bias.length);
    graph.node("Add", List.of(in, name + ".bias"), List.of(out), Map.of());
    return out;
  }
}
