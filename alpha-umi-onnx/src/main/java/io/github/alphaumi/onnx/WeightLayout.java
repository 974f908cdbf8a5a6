package io.github.alphaumi.onnx;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which matrices a model has in the graph, and where each one's bytes lie in its weight file.
 * Follows from shape and format alone, so that a cached file needs no index of its own.
 */
final class WeightLayout {
  /** ONNX Runtime maps a file at page borders. */
  private static final int ALIGNMENT = 4096;

  static final int BLOCK = 32;
  static final String EMBEDDING = "embedding";

  /**
   * A matrix of the graph, {@code [rows, columns]}: tensors of the checkpoint, one below the other.
   */
  record Matrix(String name, List<Part> parts, int rows, int columns) {
    /** Blocks in a row, the last one filled up. */
    int blocks() {
      return (columns + BLOCK - 1) / BLOCK;
    }
  }

  /** A tensor of the checkpoint and how many rows it has. */
  record Part(String tensor, int rows) {}

  /** A run of bytes in the weight file. */
  record Section(OnnxGraph.ElementType type, long[] shape, long offset, long length) {}

  private final WeightFormat format;
  private final List<Matrix> matrices = new ArrayList<>();
  private final Map<String, Section> sections = new LinkedHashMap<>();
  private long size;

  WeightLayout(ModelConfig config, WeightFormat format) {
    this.format = format;
    int hidden = config.hiddenSize();
    int queries = config.heads() * config.headSize();
    int keys = config.keyValueHeads() * config.headSize();
    add(EMBEDDING, hidden, new Part(Checkpoint.EMBEDDING, config.vocabularySize()));
    for (int layer = 0; layer < config.layers(); layer++) {
      String from = "model.layers." + layer + ".";
      add(
          matrix(layer, "qkv"),
          hidden,
          new Part(from + "self_attn.q_proj.weight", queries),
          new Part(from + "self_attn.k_proj.weight", keys),
          new Part(from + "self_attn.v_proj.weight", keys));
      add(matrix(layer, "o"), queries, new Part(from + "self_attn.o_proj.weight", hidden));
      int intermediate = config.intermediateSize();
      add(matrix(layer, "gate"), hidden, new Part(from + "mlp.gate_proj.weight", intermediate));
      add(matrix(layer, "up"), hidden, new Part(from + "mlp.up_proj.weight", intermediate));
      add(matrix(layer, "down"), intermediate, new Part(from + "mlp.down_proj.weight", hidden));
    }
    if (!config.tiedHead()) {
      add("head", hidden, new Part(Checkpoint.HEAD, config.vocabularySize()));
    }
  }

  /** The name of a layer's matrix: qkv, o, gate, up or down. */
  static String matrix(int layer, String kind) {
    return "layers." + layer + "." + kind;
  }

  private void add(String name, int columns, Part... parts) {
    int rows = 0;
    for (Part part : parts) {
      rows += part.rows();
    }
    Matrix matrix = new Matrix(name, List.of(parts), rows, columns);
    matrices.add(matrix);
    if (format == WeightFormat.FP32) {
      section(name, OnnxGraph.ElementType.FLOAT, rows, columns);
    } else {
      section(quantized(name), OnnxGraph.ElementType.UINT8, rows, matrix.blocks(), BLOCK);
      section(scales(name), OnnxGraph.ElementType.FLOAT, rows, matrix.blocks());
      section(zeroPoints(name), OnnxGraph.ElementType.UINT8, rows, matrix.blocks());
    }
  }

  private void section(String name, OnnxGraph.ElementType type, long... shape) {
    long length = type.bytes;
    for (long dimension : shape) {
      length *= dimension;
    }
    sections.put(name, new Section(type, shape, size, length));
    size = (size + length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  static String quantized(String matrix) {
    return matrix + ".q";
  }

  static String scales(String matrix) {
    return matrix + ".scales";
  }

  static String zeroPoints(String matrix) {
    return matrix + ".zeros";
  }

  WeightFormat format() {
    return format;
  }

  List<Matrix> matrices() {
    return matrices;
  }

  Section section(String name) {
    Section section = sections.get(name);
    if (section == null) {
      throw new IllegalArgumentException("no section " + name);
    }
    return section;
  }

  Map<String, Section> sections() {
    return sections;
  }

  /** Bytes of the whole file. */
  long size() {
    return size;
  }
}
