package io.github.alphaumi.lab.train;

import io.github.alphaumi.onnx.ModelWeights;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * All weights of a model in one row of floats. Matrices that read the same lie one behind the
 * other, so that they can be used as one.
 */
@SuppressWarnings("try") // A scope is there to be closed.
final class ModelParameters {
  static final String EMBEDDING = "model.embed_tokens.weight";
  static final String HEAD = "lm_head.weight";
  static final String FINAL_NORM = "model.norm.weight";

  private static final TreeSet<String> FAMILIES =
      new TreeSet<>(List.of("llama", "mistral", "qwen2"));

  /** Most positions for which angles are kept; packs are far shorter. */
  private static final int POSITIONS = 1 << 16;

  private final ModelWeights.Shape shape;
  private final Map<String, Slot> slots = new LinkedHashMap<>();
  private final Tensor values;
  private final Tensor cosines;
  private final Tensor sines;
  private long size;

  /**
   * Where a tensor lies.
   *
   * @param rows 0 for a vector
   */
  record Slot(String name, long offset, int rows, int columns) {
    long size() {
      return (long) Math.max(1, rows) * columns;
    }

    long[] shape() {
      return rows == 0 ? new long[] {columns} : new long[] {rows, columns};
    }
  }

  /** Makes the matrix that is computed with, of that of the model. */
  interface MatrixMaker {
    Matrix of(int layer, Matrix.Kind kind, Tensor weights);
  }

  /**
   * @param path of the file, for messages
   * @throws IllegalArgumentException if the network of this model is not known here
   */
  ModelParameters(ModelWeights file, Path path) {
    shape = file.shape();
    check(path);
    addSlots();
    values = Tensors.empty(size);
    for (Slot slot : slots.values()) {
      fill(file, slot);
    }
    int positions = Math.min(POSITIONS, shape.positions());
    long half = shape.headSize() / 2;
    cosines = Tensors.of(file.rotation(0, positions, false), positions, half);
    sines = Tensors.of(file.rotation(0, positions, true), positions, half);
  }

  private void check(Path path) {
    if (!FAMILIES.contains(shape.family())) {
      throw new IllegalArgumentException(
          "%s is of the family %s; trained here are %s, others with the exported script"
              .formatted(path, shape.family(), String.join(", ", FAMILIES)));
    }
    if (shape.window() != 0 || shape.rotatedSize() != shape.headSize()) {
      throw new IllegalArgumentException(
          "%s has %s; train it with the exported script"
              .formatted(
                  path,
                  shape.window() != 0
                      ? "an attention window of " + shape.window()
                      : "heads that are rotated in part"));
    }
  }

  private void addSlots() {
    int hidden = shape.hiddenSize();
    int inner = shape.intermediateSize();
    int queries = shape.heads() * shape.headSize();
    int keys = shape.keyValueHeads() * shape.headSize();
    add(EMBEDDING, shape.vocabularySize(), hidden);
    for (int layer = 0; layer < shape.layers(); layer++) {
      add(name(layer, "input_layernorm.weight"), 0, hidden);
      add(weight(layer, Projection.QUERY), queries, hidden);
      add(weight(layer, Projection.KEY), keys, hidden);
      add(weight(layer, Projection.VALUE), keys, hidden);
      if (biased()) {
        add(bias(layer, Projection.QUERY), 0, queries);
        add(bias(layer, Projection.KEY), 0, keys);
        add(bias(layer, Projection.VALUE), 0, keys);
      }
      add(weight(layer, Projection.OUTPUT), hidden, queries);
      add(name(layer, "post_attention_layernorm.weight"), 0, hidden);
      add(weight(layer, Projection.GATE), inner, hidden);
      add(weight(layer, Projection.UP), inner, hidden);
      add(weight(layer, Projection.DOWN), hidden, inner);
    }
    add(FINAL_NORM, 0, hidden);
    if (!shape.tiedHead()) {
      add(HEAD, shape.vocabularySize(), hidden);
    }
  }

  private void add(String name, int rows, int columns) {
    Slot slot = new Slot(name, size, rows, columns);
    slots.put(name, slot);
    size += slot.size();
  }

  private void fill(ModelWeights file, Slot slot) {
    int step = Math.max(1, Tensors.PIECE / slot.columns());
    int rows = Math.max(1, slot.rows());
    for (int row = 0; row < rows; row += step) {
      float[] piece = new float[Math.min(step, rows - row) * slot.columns()];
      file.readRows(slot.name(), row, slot.columns(), piece);
      try (PointerScope scope = new PointerScope()) {
        Tensors.put(values, slot.offset() + (long) row * slot.columns(), piece);
      }
    }
  }

  boolean biased() {
    return shape.family().equals("qwen2");
  }

  static String name(int layer, String tensor) {
    return "model.layers." + layer + "." + tensor;
  }

  static String weight(int layer, Projection projection) {
    return name(layer, projection.module() + ".weight");
  }

  static String bias(int layer, Projection projection) {
    return name(layer, projection.module() + ".bias");
  }

  ModelWeights.Shape shape() {
    return shape;
  }

  /** {@code [size]}. */
  Tensor values() {
    return values;
  }

  Collection<Slot> slots() {
    return slots.values();
  }

  /** Of a row laid out as the values, the piece of this tensor. */
  Tensor piece(Tensor row, String name) {
    Slot slot = slot(name);
    return row.narrow(0, slot.offset(), slot.size()).view(slot.shape());
  }

  private Slot slot(String name) {
    Slot slot = slots.get(name);
    if (slot == null) {
      throw new IllegalArgumentException(name);
    }
    return slot;
  }

  /** Of a row laid out as the values, the piece of a layer's matrix, {@code [out, in]}. */
  Tensor matrix(Tensor row, int layer, Matrix.Kind kind) {
    Slot first = slot(weight(layer, kind.projections().get(0)));
    int rows = kind.projections().stream().mapToInt(part -> rows(layer, part)).sum();
    return row.narrow(0, first.offset(), (long) rows * first.columns()).view(rows, first.columns());
  }

  int rows(int layer, Projection projection) {
    return slot(weight(layer, projection)).rows();
  }

  /** Of a row laid out as the values, the piece of a layer's biases of q, k and v. */
  Tensor biases(Tensor row, int layer) {
    Slot first = slot(bias(layer, Projection.QUERY));
    return row.narrow(
        0, first.offset(), (long) (shape.heads() + 2 * shape.keyValueHeads()) * shape.headSize());
  }

  /** The network with these weights. */
  Weights weights(MatrixMaker maker) {
    List<Weights.Layer> layers = new ArrayList<>();
    for (int i = 0; i < shape.layers(); i++) {
      @Nullable Tensor bias = biased() ? biases(values, i) : null;
      layers.add(
          new Weights.Layer(
              piece(values, name(i, "input_layernorm.weight")),
              matrix(i, Matrix.Kind.QUERY_KEY_VALUE, maker),
              bias,
              matrix(i, Matrix.Kind.OUTPUT, maker),
              piece(values, name(i, "post_attention_layernorm.weight")),
              matrix(i, Matrix.Kind.GATE_UP, maker),
              matrix(i, Matrix.Kind.DOWN, maker)));
    }
    Tensor embedding = piece(values, EMBEDDING);
    return new Weights(
        shape,
        embedding,
        shape.tiedHead() ? embedding : piece(values, HEAD),
        piece(values, FINAL_NORM),
        List.copyOf(layers),
        cosines,
        sines);
  }

  private Matrix matrix(int layer, Matrix.Kind kind, MatrixMaker maker) {
    return maker.of(layer, kind, matrix(values, layer, kind));
  }
}
