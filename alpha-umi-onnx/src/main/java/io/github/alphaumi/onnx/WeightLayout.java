package io.github.alphaumi.onnx;

import io.github.alphaumi.onnx.OnnxGraph.ElementType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Which matrices a model has in the graph, how each one is kept, and where its bytes lie: in the
 * checkpoint's own files where those have them as they are needed, or else in the weight file.
 * Follows from the checkpoint and the format alone, so that a cached file needs no index of its
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

  private static final Finder COPY_EVERYTHING = (name, part, columns, type) -> null;

  static final String EMBEDDING = "embedding";
  static final String HEAD = "head";

  /** How a matrix is kept: as floats, or as integers in blocks of this many along a row. */
  record Encoding(int bits, int block) {
    static final Encoding FLOATS = new Encoding(32, 1);
    static final Encoding HALVES = new Encoding(16, 1);
    static final Encoding EIGHT_BITS = new Encoding(8, BLOCK);

    boolean isFloats() {
      return bits >= 16;
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

  /**
   * A run of bytes, by its name in the graph.
   *
   * @param source the file of the checkpoint that it lies in; null if it lies in the weight file
   */
  record Section(
      String name,
      ElementType type,
      long[] shape,
      @Nullable Path source,
      long offset,
      long length) {}

  /** Finds rows of a checkpoint that are kept as a type already. */
  @FunctionalInterface
  private interface Finder {
    /** Null if they have to be copied. */
    @Nullable Section find(String name, Part part, int columns, ElementType type);
  }

  private final WeightFormat format;
  private final ElementType activations;
  private final ToIntFunction<List<Part>> fourBitBlock;
  private final Finder inPlace;
  private final Map<String, Matrix> matrices = new LinkedHashMap<>();
  private final Map<String, List<Section>> sections = new LinkedHashMap<>();
  private long size;

  /**
   * With blocks chosen for each matrix. Sources that are quantised in blocks themselves keep them:
   * their grid would not survive in others. Large matrices get larger blocks: to read them from
   * memory is what a token takes, and models that have them bear it; small matrices stay in the
   * processor's cache, and their models suffer.
   *
   * <p>Floats that the checkpoint has in the format's type are used where they lie.
   *
   * @param cacheDirectory where the weight file will be, if one is needed
   * @throws ModelFileException if a tensor that would be used where it lies is missing or of
   *     another shape than the configuration asks for
   */
  static WeightLayout of(
      Checkpoint checkpoint, WeightFormat format, ElementType activations, Path cacheDirectory) {
    boolean reachable = WeightFolder.canHold(checkpoint.weightFiles(), cacheDirectory);
    return new WeightLayout(
        checkpoint.config(),
        format,
        activations,
        parts -> {
          long weights = 0;
          boolean blocks = false;
          for (Part part : parts) {
            TensorData tensor = checkpoint.tensor(part.tensor());
            weights += tensor.elements();
            blocks |= tensor.type().blockElements() > 1;
          }
          return blocks || weights < LARGE ? BLOCK : LARGE_BLOCK;
        },
        reachable
            ? (name, part, columns, type) -> inPlace(checkpoint, name, part, columns, type)
            : COPY_EVERYTHING);
  }

  /** Bytes that are aligned as numbers of their type: not every processor reads others. */
  private static @Nullable Section inPlace(
      Checkpoint checkpoint, String name, Part part, int columns, ElementType type) {
    TensorData tensor = checkpoint.matrix(part.tensor(), part.tensorRows(), columns);
    TensorType same = type == ElementType.FLOAT16 ? TensorType.F16 : TensorType.F32;
    long rowBytes = (long) columns * type.bytes;
    long offset = tensor.offset() + part.firstRow() * rowBytes;
    if (tensor.type() != same
        || offset % type.bytes != 0
        || checkpoint.hasOtherRowOrder(part.tensor())) {
      return null;
    }
    long[] shape = {part.rows(), columns};
    return new Section(name, type, shape, tensor.file(), offset, part.rows() * rowBytes);
  }

  /**
   * Of weights that are all copied to the weight file.
   *
   * @param activations what the graph computes in: {@link ElementType#FLOAT}, or {@link
   *     ElementType#FLOAT16}, which scales of blocks are kept in then, too
   * @param fourBitBlock the size of blocks for a matrix of 4 bits, by its parts: 32, 64 or 128; the
   *     larger, the smaller and faster, and the less true
   */
  WeightLayout(
      ModelConfig config,
      WeightFormat format,
      ElementType activations,
      ToIntFunction<List<Part>> fourBitBlock) {
    this(config, format, activations, fourBitBlock, COPY_EVERYTHING);
  }

  private WeightLayout(
      ModelConfig config,
      WeightFormat format,
      ElementType activations,
      ToIntFunction<List<Part>> fourBitBlock,
      Finder inPlace) {
    if (format == WeightFormat.FP32 && activations != ElementType.FLOAT) {
      throw new IllegalArgumentException("FP32 weights need activations in FLOAT");
    }
    this.format = format;
    this.activations = activations;
    this.fourBitBlock = fourBitBlock;
    this.inPlace = inPlace;
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
    sections.put(name, encoding.isFloats() ? floats(matrix) : blocks(matrix));
  }

  /** One below the other, all in place or all copied to one piece. */
  private List<Section> floats(Matrix matrix) {
    ElementType type =
        matrix.encoding().equals(Encoding.HALVES) ? ElementType.FLOAT16 : ElementType.FLOAT;
    List<Section> found = new ArrayList<>();
    for (Part part : matrix.parts()) {
      String name = matrix.parts().size() == 1 ? matrix.name() : matrix.name() + "." + found.size();
      Section section = inPlace.find(name, part, matrix.columns(), type);
      if (section == null) {
        return List.of(copied(matrix.name(), type, matrix.rows(), matrix.columns()));
      }
      found.add(section);
    }
    return List.copyOf(found);
  }

  private List<Section> blocks(Matrix matrix) {
    String name = matrix.name();
    Encoding encoding = matrix.encoding();
    int rows = matrix.rows();
    int blocks = matrix.blocks();
    return List.of(
        copied(
            quantized(name),
            ElementType.UINT8,
            rows,
            blocks,
            encoding.block() * encoding.bits() / 8),
        copied(scales(name), activations, rows, blocks),
        copied(zeroPoints(name), ElementType.UINT8, rows, (blocks * encoding.bits() + 7) / 8));
  }

  private Encoding encoding(String matrix, List<Part> parts) {
    return switch (format) {
      case FP32 -> Encoding.FLOATS;
      case FP16 -> Encoding.HALVES;
      case INT8 -> Encoding.EIGHT_BITS;
      case INT4 ->
          matrix.equals(EMBEDDING) || matrix.equals(HEAD)
              ? Encoding.EIGHT_BITS
              : new Encoding(4, fourBitBlock.applyAsInt(parts));
    };
  }

  private Section copied(String name, ElementType type, long... shape) {
    long length = type.bytes;
    for (long dimension : shape) {
      length *= dimension;
    }
    Section section = new Section(name, type, shape, null, size, length);
    size = (size + length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    return section;
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

  /** What the graph computes in. */
  ElementType activations() {
    return activations;
  }

  List<Matrix> matrices() {
    return List.copyOf(matrices.values());
  }

  Matrix matrix(String name) {
    return present(matrices.get(name), name);
  }

  private static <T> T present(@Nullable T value, String name) {
    if (value == null) {
      throw new IllegalArgumentException("the model has no matrix " + name);
    }
    return value;
  }

  /**
   * Where a matrix lies: its floats, in pieces one below the other, or its integers, scales and
   * zero points.
   */
  List<Section> sections(Matrix matrix) {
    return present(sections.get(matrix.name()), matrix.name());
  }

  /** Whether a matrix lies in the weight file and not in files of the checkpoint. */
  boolean isCopied(Matrix matrix) {
    return sections(matrix).get(0).source() == null;
  }

  /** Whether halves are made floats when they are loaded. */
  private boolean isCast(Section section) {
    return section.type() == ElementType.FLOAT16 && activations == ElementType.FLOAT;
  }

  /** Bytes of what a token is multiplied with; of an embedding that is no head, one row is read. */
  long bytesPerToken() {
    return matrices.values().stream()
        .filter(matrix -> !matrix.name().equals(EMBEDDING) || !matrices.containsKey(HEAD))
        .flatMap(matrix -> sections(matrix).stream())
        .mapToLong(section -> section.length() * (isCast(section) ? 2 : 1))
        .sum();
  }

  /** All of them, matrix after matrix. */
  List<Section> sections() {
    return sections.values().stream().flatMap(List::stream).toList();
  }

  /** Bytes of the weight file; 0 if all weights are used where they lie. */
  long size() {
    return size;
  }
}
