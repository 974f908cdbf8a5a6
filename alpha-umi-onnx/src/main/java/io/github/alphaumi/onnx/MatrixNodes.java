package io.github.alphaumi.onnx;

import io.github.alphaumi.onnx.OnnxGraph.ElementType;
import io.github.alphaumi.onnx.WeightLayout.Matrix;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes what works with the matrices of a layout into a graph: looking up embeddings, products
 * with or without adapters, biases.
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
  private final WeightFolder weights;
  private final boolean adapters;
  private final Set<String> casts = new HashSet<>();

  MatrixNodes(
      OnnxGraph graph,
      Checkpoint checkpoint,
      WeightLayout layout,
      WeightFolder weights,
      boolean adapters) {
    this.graph = graph;
    this.checkpoint = checkpoint;
    this.layout = layout;
    this.weights = weights;
    this.adapters = adapters;
    layout.sections().forEach(section -> declare(section.name(), section, section.shape()));
  }

  private void declare(String name, WeightLayout.Section section, long... shape) {
    graph.external(
        name, section.type(), shape, weights.nameOf(section), section.offset(), section.length());
  }

  /** The embedding's rows of these ids. */
  void embed(String ids, String out) {
    Matrix embedding = layout.matrix(WeightLayout.EMBEDDING);
    WeightLayout.Section section = layout.sections(embedding).get(0);
    if (embedding.encoding().isFloats()) {
      boolean cast = section.type() != layout.activations();
      String rows = cast ? out + ".stored" : out;
      graph.node("Gather", List.of(section.name(), ids), List.of(rows), Map.of("axis", 0));
      if (cast) {
        graph.cast(rows, layout.activations(), out);
      }
      return;
    }
    // The same bytes as for the product with the head, without the axis of blocks.
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
    graph.input(a, ElementType.FLOAT, matrix.columns(), "rank");
    graph.input(b, ElementType.FLOAT, "rank", matrix.rows());
    graph.constant(a, ElementType.FLOAT, new long[] {matrix.columns(), 0}, new byte[0]);
    graph.constant(b, ElementType.FLOAT, new long[] {0, matrix.rows()}, new byte[0]);
    base(matrix, in, out + ".base");
    graph.node("MatMul", List.of(asFloats(in), a), List.of(out + ".low"), Map.of());
    graph.node("MatMul", List.of(out + ".low", b), List.of(out + ".high"), Map.of());
    graph.node("Add", List.of(out + ".base", asActivations(out + ".high")), List.of(out), Map.of());
    return out;
  }

  private void base(Matrix matrix, String in, String out) {
    String name = matrix.name();
    if (matrix.encoding().isFloats()) {
      productWithFloats(layout.sections(matrix), in, out);
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

  private void productWithFloats(List<WeightLayout.Section> pieces, String in, String out) {
    List<String> products = new ArrayList<>();
    for (WeightLayout.Section piece : pieces) {
      String product = pieces.size() == 1 ? out : out + "." + products.size();
      graph.contribNode(
          "FusedMatMul", List.of(in, floats(piece)), List.of(product), Map.of("transB", 1));
      products.add(product);
    }
    if (pieces.size() > 1) {
      graph.node("Concat", products, List.of(out), Map.of("axis", -1));
    }
  }

  /**
   * Adapters stay floats: they are small, and on a CPU ONNX Runtime 1.28 crashes the process over
   * optional inputs of 16 bits.
   */
  private String asFloats(String activations) {
    return cast(activations, layout.activations(), ElementType.FLOAT);
  }

  private String asActivations(String floats) {
    return cast(floats, ElementType.FLOAT, layout.activations());
  }

  private String cast(String in, ElementType from, ElementType to) {
    if (from == to) {
      return in;
    }
    String out = in + "." + to;
    if (casts.add(out)) {
      graph.cast(in, to, out);
    }
    return out;
  }

  /** Halves for a graph of floats are made floats when it is loaded, once for all their users. */
  private String floats(WeightLayout.Section section) {
    return cast(section.name(), section.type(), layout.activations());
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
