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
  record Matrix(String name, List<String> tensors, int rows, int columns) {
    /** Blocks in a row, the last one filled up. */
    int blocks() {
      return (columns + BLOCK - 1) / BLOCK;
    }
  }

  /** A run of bytes in the weight file. */
  record Section(OnnxGraph.ElementType type, long[] shape, long offset, long length) {}

  private final WeightFormat format;
  private final List<Matrix> matrices = new ArrayList<>();
  private final Map<String, Section> sections = new LinkedHashMap<>();
  private long size;

  WeightLayout(ModelConfig config, WeightFormat format) {
    this.format = format;
    int hidden = config.hiddenSize();
    add(EMBEDDING, List.of(Checkpoint.EMBEDDING), config.vocabularySize(), hidden);
    for (int layer = 0; layer < config.layers(); layer++) {
      String from = "model.layers." + layer + ".";
      add(
          matrix(layer, "qkv"),
          List.of(
              from + "self_attn.q_proj.weight",
              from + "self_attn.k_proj.weight",
              from + "self_attn.v_proj.weight"),
          config.queryKeyValueSize(),
          hidden);
      add(
          matrix(layer, "o"),
          List.of(from + "self_attn.o_proj.weight"),
          hidden,
          config.heads() * config.headSize());
      add(
          matrix(layer, "gate"),
          List.of(from + "mlp.gate_proj.weight"),
          config.intermediateSize(),
          hidden);
      add(
          matrix(layer, "up"),
          List.of(from + "mlp.up_proj.weight"),
          config.intermediateSize(),
          hidden);
      add(
          matrix(layer, "down"),
          List.of(from + "mlp.down_proj.weight"),
          hidden,
          config.intermediateSize());
    }
    if (!config.tiedHead()) {
      add("head", List.of(Checkpoint.HEAD), config.vocabularySize(), hidden);
    }
  }

  /** The name of a layer's matrix: qkv, o, gate, up or down. */
  static String matrix(int layer, String kind) {
    return "layers." + layer + "." + kind;
  }

  private void add(String name, List<String> tensors, int rows, int columns) {
    Matrix matrix = new Matrix(name, tensors, rows, columns);
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
