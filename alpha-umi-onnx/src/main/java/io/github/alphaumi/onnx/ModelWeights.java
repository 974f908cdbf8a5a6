package io.github.alphaumi.onnx;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * The numbers of a model's file, for those who compute with them otherwise than by {@link
 * OnnxModel}: a Hugging Face folder or one GGUF file, seen alike. Tensors go by their Hugging Face
 * names, rows are in Hugging Face order, quantised values are multiplied out.
 *
 * <p>Safe for concurrent use until closed, {@link IllegalStateException} after that.
 */
public final class ModelWeights implements AutoCloseable {
  private final Checkpoint checkpoint;

  private ModelWeights(Checkpoint checkpoint) {
    this.checkpoint = checkpoint;
  }

  /**
   * The shape of a decoder.
   *
   * @param family {@code llama}, {@code mistral}, {@code qwen2}, {@code qwen3}, {@code phi3} or
   *     {@code gemma3}
   * @param headSize elements of a head; heads together may be wider or narrower than hidden states
   * @param rotatedSize how many elements of a head are rotated by their position, from its first
   * @param positions how long a text may be
   * @param window the smallest number of positions that a position sees, itself among them; 0 if
   *     every layer sees all before it
   * @param rmsEpsilon what the norms add under the root
   * @param attentionScale what products of queries and keys are multiplied by
   * @param tiedHead whether the output head is the token embedding
   */
  public record Shape(
      String family,
      int layers,
      int vocabularySize,
      int hiddenSize,
      int heads,
      int keyValueHeads,
      int headSize,
      int rotatedSize,
      int intermediateSize,
      int positions,
      int window,
      float rmsEpsilon,
      float attentionScale,
      boolean tiedHead) {}

  /**
   * A tensor as a whole.
   *
   * @param shape outermost dimension first
   * @param values row after row
   */
  public record Tensor(long[] shape, float[] values) {}

  /**
   * @param model a Hugging Face folder or a GGUF file
   * @throws ModelFileException if there is no model at the path, or none that is supported
   */
  public static ModelWeights open(Path model) {
    return new ModelWeights(Checkpoint.open(model));
  }

  /**
   * All tensors of a LoRA adapter, by the names that PEFT gives them.
   *
   * @param folder as PEFT writes it
   * @throws ModelFileException if there is no adapter in the folder, or one that is damaged
   */
  public static Map<String, Tensor> adapter(Path folder) {
    try (SafetensorsFiles files = SafetensorsFiles.open(folder)) {
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      for (String name : files.names()) {
        TensorData data = files.tensor(name);
        float[] values = new float[Math.toIntExact(data.elements())];
        data.readFloats(0, values, 0, values.length);
        tensors.put(name, new Tensor(data.shape(), values));
      }
      return tensors;
    }
  }

  public Shape shape() {
    ModelConfig config = checkpoint.config();
    int window =
        config.layerShapes().stream()
            .mapToInt(ModelConfig.LayerShape::window)
            .filter(positions -> positions != ModelConfig.LayerShape.EVERYTHING)
            .min()
            .orElse(0);
    return new Shape(
        config.architecture().name().toLowerCase(Locale.ROOT),
        config.layers(),
        config.vocabularySize(),
        config.hiddenSize(),
        config.heads(),
        config.keyValueHeads(),
        config.headSize(),
        config.layerShapes().get(0).rope().dimensions(),
        config.intermediateSize(),
        config.maxPositions(),
        window,
        config.rmsEpsilon(),
        config.attentionScale(),
        config.tiedHead());
  }

  /**
   * Reads rows of a matrix, or a vector as one row.
   *
   * @param name such as {@code model.layers.0.self_attn.q_proj.weight}
   * @param firstRow the first one that is read
   * @param columns elements of a row
   * @param target takes the rows one after the other; as many as fit in it are read
   * @throws ModelFileException if there is no such tensor, or its rows are of another size
   */
  public void readRows(String name, long firstRow, int columns, float[] target) {
    TensorData tensor = checkpoint.tensor(name);
    long[] shape = tensor.shape();
    if (shape.length == 0 || shape.length > 2 || shape[shape.length - 1] != columns) {
      throw tensor.broken(
          "has the shape "
              + Arrays.toString(shape)
              + "; needed are rows of "
              + columns
              + " elements");
    }
    Objects.checkFromIndexSize(
        firstRow, (long) target.length / columns, tensor.elements() / columns);
    for (int row = 0; row < target.length / columns; row++) {
      long inFile = shape.length == 1 ? 0 : checkpoint.rowInFile(name, firstRow + row);
      tensor.readFloats(inFile * columns, target, row * columns, columns);
    }
  }

  /**
   * Cosines or sines by which the elements of heads are rotated, {@code [positions, rotatedSize /
   * 2]}: a column is an element of the first half of what is rotated and its counterpart in the
   * second.
   */
  public float[] rotation(int layer, int positions, boolean sine) {
    return checkpoint.config().layerShapes().get(layer).rope().table(positions, sine);
  }

  /** A hash of the content of all files with weights. */
  public String hash() {
    Hasher hasher = Hashing.sha256().newHasher().putString("weights", StandardCharsets.UTF_8);
    for (Path file : checkpoint.weightFiles()) {
      try {
        hasher.putBytes(
            com.google.common.io.Files.asByteSource(file.toFile())
                .hash(Hashing.sha256())
                .asBytes());
      } catch (IOException e) {
        throw new ModelFileException(file, "cannot be read: " + e.getMessage(), e);
      }
    }
    return hasher.hash().toString();
  }

  @Override
  public void close() {
    checkpoint.close();
  }
}
