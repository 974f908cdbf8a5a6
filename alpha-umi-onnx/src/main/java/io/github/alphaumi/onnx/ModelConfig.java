package io.github.alphaumi.onnx;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The shape of a decoder, from a Hugging Face {@code config.json} or from GGUF metadata.
 *
 * @param headSize elements of a head; heads together may be wider or narrower than hidden states
 * @param rmsEpsilon what the norms add under the root
 * @param attentionScale what products of queries and keys are multiplied by
 * @param layerShapes what may differ from layer to layer, from the first to the last
 * @param tiedHead whether the output head is the token embedding
 * @param endTokens ids that end a text
 */
record ModelConfig(
    Architecture architecture,
    int vocabularySize,
    int hiddenSize,
    int heads,
    int keyValueHeads,
    int headSize,
    int intermediateSize,
    int maxPositions,
    float rmsEpsilon,
    float attentionScale,
    List<LayerShape> layerShapes,
    boolean tiedHead,
    Set<Integer> endTokens) {

  private static final int HEAD_SIZE_STEP = 8;

  /**
   * @param window how many positions a position sees, itself among them; {@link #EVERYTHING} for
   *     all before it
   */
  record LayerShape(int window, Rope rope) {
    static final int EVERYTHING = 0;
  }

  ModelConfig {
    layerShapes = List.copyOf(layerShapes);
    // One that the model cannot write ends nothing.
    int size = vocabularySize;
    endTokens =
        endTokens.stream()
            .filter(id -> id >= 0 && id < size)
            .collect(Collectors.toUnmodifiableSet());
  }

  int layers() {
    return layerShapes.size();
  }

  boolean has(Architecture.Trait trait) {
    return architecture.has(trait);
  }

  /** Elements of all heads' queries together. */
  int querySize() {
    return heads * headSize;
  }

  /** Elements of all heads' keys together; of values, too. */
  int keySize() {
    return keyValueHeads * headSize;
  }

  /**
   * @param generation generation_config.json, which knows better what ends a text
   * @throws ModelFileException naming the file, the key and what is supported
   */
  static ModelConfig fromHuggingFace(JsonNode config, @Nullable JsonNode generation, Path file) {
    return new HuggingFaceConfig(config, file).read(generation).checked(file);
  }

  /** What ONNX Runtime's attention cannot compute is refused before the weights are read. */
  private ModelConfig checked(Path file) {
    if (heads % keyValueHeads != 0) {
      throw new ModelFileException(
          file,
          "%d attention heads cannot share %d key-value heads; is the file altered?"
              .formatted(heads, keyValueHeads));
    }
    if (headSize % HEAD_SIZE_STEP != 0) {
      throw new ModelFileException(
          file,
          "the head size is %d; supported are multiples of %d".formatted(headSize, HEAD_SIZE_STEP));
    }
    return this;
  }

  /**
   * @throws ModelFileException naming the file, the key and what is supported
   */
  static ModelConfig fromGguf(GgufFile gguf, Path file) {
    return new GgufConfig(gguf, file).read().checked(file);
  }
}
