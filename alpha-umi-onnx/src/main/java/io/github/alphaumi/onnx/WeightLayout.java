package io.github.alphaumi.onnx;

import io.github.alphaumi.onnx.OnnxGraph.ElementType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Which matrices a model has in the graph, how each one is kept, and where its bytes lie in the
 * weight file. Follows from shape and format alone, so that a cached file needs no index of its
 * own.
 */
final class WeightLayout {
  /** ONNX Runtime maps a file at page borders. */
  private static final int ALIGNMENT = 4096;

  /** A quantised matrix has values, scales and zero points. */
  static final int MOST_SECTIONS = 3;

  static final int BLOCK = 32;

  private static final int LARGE_BLOCK = 128;

  /** Weights of a matrix that do not fit a core's cache. */
  private static final int LARGE = 4 << 20;

  static final String EMBEDDING = "embedding";
  static final String HEAD = "head";

  /** How a matrix is kept: as floats, or as integers in blocks of this many along a row. */
  record Encoding(int bits, int block) {
    static final Encoding FLOATS = new Encoding(32, 1);
    static final Encoding EIGHT_BITS = new Encoding(8, BLOCK);

    boolean isFloats() {
      return bits == 32;
    }
  }

  /**
   * A matrix of the graph, {@code [rows, columns]}: tensors of the checkpoint, one below the other.
   */
  record Matrix(String name, List<Part> parts, int rows, int columns, Encoding encoding) {
    /** Blocks in a row, the last one filled up. */
    int blocks() {
      return (columns + encoding.block() - 1) / encoding.block();
    }
  }

  /** Rows of a tensor of the checkpoint, which has {@code tensorRows} of them. */
  record Part(String tensor, int firstRow, int rows, int tensorRows) {
    static Part whole(String tensor, int rows) {
      return new Part(tensor, 0, rows, rows);
    }
  }

  /** A run of bytes in the weight file. */
  record Section(ElementType type, long[] shape, long offset, long length) {}

  private final WeightFormat format;
  private final ToIntFunction<List<Part>> fourBitBlock;
  private final Map<String, Matrix> matrices = new LinkedHashMap<>();
  private final Map<String, Section> sections = new LinkedHashMap<>();
  private long size;

  /**
   * With blocks chosen for each matrix. Sources that are quantised in blocks themselves keep them:
   * their grid would not survive in others. Large matrices get larger blocks: to read them from
   * memory is what a token takes, and models that have them bear it; small matrices stay in the
   * processor's cache, and their models suffer.
   */
  static WeightLayout of(Checkpoint checkpoint, WeightFormat format) {
    return new WeightLayout(
        checkpoint.config(),
        format,
        parts -> {
          long weights = 0;
          boolean blocks = false;
          for (Part part : parts) {
            TensorData tensor = checkpoint.tensor(part.tensor());
            weights += tensor.elements();
            blocks |= tensor.type().blockElements() > 1;
          }
          return blocks || weights < LARGE ? BLOCK : LARGE_BLOCK;
        });
  }

  /** With blocks of 32 throughout. */
  WeightLayout(ModelConfig config, WeightFormat format) {
    this(config, format, parts -> BLOCK);
  }

  /**
   * @param fourBitBlock the size of blocks for a matrix of 4 bits, by its parts: 32, 64 or 128; the
   *     larger, the smaller and faster, and the less true
   */
  WeightLayout(ModelConfig config, WeightFormat format, ToIntFunction<List<Part>> fourBitBlock) {
    this.format = format;
    this.fourBitBlock = fourBitBlock;
    int hidden = config.hiddenSize();
    add(EMBEDDING, hidden, Part.whole(Checkpoint.EMBEDDING, config.vocabularySize()));
    for (int layer = 0; layer < config.layers(); layer++) {
      String from = "model.layers." + layer + ".";
      addQueryKeyValue(config, layer, from + "self_attn.");
      add(
          matrix(layer, "o"),
          config.querySize(),
          Part.whole(from + "self_attn.o_proj.weight", hidden));
      addGateAndUp(config, layer, from + "mlp.");
      add(
          matrix(layer, "down"),
          config.intermediateSize(),
          Part.whole(from + "mlp.down_proj.weight", hidden));
    }
    if (!config.tiedHead()) {
      add(HEAD, hidden, Part.whole(Checkpoint.HEAD, config.vocabularySize()));
    }
  }

  private void addQueryKeyValue(ModelConfig config, int layer, String from) {
    int queries = config.querySize();
    int keys = config.keySize();
    String name = matrix(layer, "qkv");
    if (config.has(Architecture.Trait.PACKED_TENSORS)) {
      add(name, config.hiddenSize(), Part.whole(from + "qkv_proj.weight", queries + 2 * keys));
    } else {
      add(
          name,
          config.hiddenSize(),
          Part.whole(from + "q_proj.weight", queries),
          Part.whole(from + "k_proj.weight", keys),
          Part.whole(from + "v_proj.weight", keys));
    }
  }

  private void addGateAndUp(ModelConfig config, int layer, String from) {
    int rows = config.intermediateSize();
    boolean packed = config.has(Architecture.Trait.PACKED_TENSORS);
    String both = from + "gate_up_proj.weight";
    add(
        matrix(layer, "gate"),
        config.hiddenSize(),
        packed ? new Part(both, 0, rows, 2 * rows) : Part.whole(from + "gate_proj.weight", rows));
    add(
        matrix(layer, "up"),
        config.hiddenSize(),
        packed ? new Part(both, rows, rows, 2 * rows) : Part.whole(from + "up_proj.weight", rows));
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
    Encoding encoding = encoding(name, List.of(parts));
    Matrix matrix = new Matrix(name, List.of(parts), rows, columns, encoding);
    matrices.put(name, matrix);
    if (encoding.isFloats()) {
      section(name, ElementType.FLOAT, rows, columns);
    } else {
      int blocks = matrix.blocks();
      section(
          quantized(name), ElementType.UINT8, rows, blocks, encoding.block() * encoding.bits() / 8);
      section(scales(name), ElementType.FLOAT, rows, blocks);
      section(zeroPoints(name), ElementType.UINT8, rows, (blocks * encoding.bits() + 7) / 8);
    }
  }

  private Encoding encoding(String matrix, List<Part> parts) {
    return switch (format) {
      case FP32 -> Encoding.FLOATS;
      case INT8 -> Encoding.EIGHT_BITS;
      case INT4 ->
          matrix.equals(EMBEDDING) || matrix.equals(HEAD)
              ? Encoding.EIGHT_BITS
              : new Encoding(4, fourBitBlock.applyAsInt(parts));
    };
  }

  private void section(String name, ElementType type, long... shape) {
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
    return List.copyOf(matrices.values());
  }

  Matrix matrix(String name) {
    return present(matrices.get(name), name);
  }

  Section section(String name) {
    return present(sections.get(name), name);
  }

  private static <T> T present(@Nullable T value, String name) {
    if (value == null) {
      throw new IllegalArgumentException("the weight file has no " + name);
    }
    return value;
  }

  /** Where a matrix lies: its floats, or its integers, scales and zero points. */
  List<Section> sections(Matrix matrix) {
    String name = matrix.name();
    return matrix.encoding().isFloats()
        ? List.of(section(name))
        : List.of(section(quantized(name)), section(scales(name)), section(zeroPoints(name)));
  }

  /** Bytes of what a token is multiplied with; of an embedding that is no head, one row is read. */
  long bytesPerToken() {
    return matrices.values().stream()
        .filter(matrix -> !matrix.name().equals(EMBEDDING) || !matrices.containsKey(HEAD))
        .flatMap(matrix -> sections(matrix).stream())
        .mapToLong(Section::length)
        .sum();
  }

  Map<String, Section> sections() {
    return sections;
  }

  /** Bytes of the whole file. */
  long size() {
    return size;
  }
}
