package io.github.alphaumi.onnx;

import io.github.alphaumi.onnx.ModelConfig.LayerShape;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Reads a model's shape from GGUF metadata: keys begin with the architecture's name, as the
 * converters of llama.cpp write them.
 */
final class GgufConfig {
  private final GgufFile gguf;
  private final Path file;
  private final Architecture architecture;
  private final String prefix;

  GgufConfig(GgufFile gguf, Path file) {
    this.gguf = gguf;
    this.file = file;
    String name = gguf.string("general.architecture");
    architecture = Architecture.fromGguf(name, file);
    prefix = name + ".";
  }

  ModelConfig read() {
    int hidden = integer("embedding_length");
    int heads = integer("attention.head_count");
    int layers = integer("block_count");
    int headSize = integerOr("attention.key_length", hidden / heads);
    LayerShape layer =
        new LayerShape(
            gguf.integer(prefix + "attention.sliding_window", LayerShape.EVERYTHING),
            Rope.fromGguf(gguf, prefix, headSize, file));
    if (architecture == Architecture.LLAMA && layer.rope().dimensions() != headSize) {
      throw new ModelFileException(
          file,
          prefix
              + "rope.dimension_count is %d; supported is the size of a head, %d"
                  .formatted(layer.rope().dimensions(), headSize));
    }
    return new ModelConfig(
        architecture,
        Math.toIntExact(gguf.tensor("token_embd.weight").shape()[0]),
        hidden,
        heads,
        integerOr("attention.head_count_kv", heads),
        headSize,
        integer("feed_forward_length"),
        integer("context_length"),
        (float) gguf.floating(prefix + "attention.layer_norm_rms_epsilon"),
        (float) (1 / Math.sqrt(headSize)),
        Collections.nCopies(layers, layer),
        !gguf.has("output.weight"),
        endTokens());
  }

  private Set<Integer> endTokens() {
    Set<Integer> ends = new LinkedHashSet<>();
    for (String key : new String[] {"tokenizer.ggml.eos_token_id", "tokenizer.ggml.eot_token_id"}) {
      if (gguf.metadata().containsKey(key)) {
        ends.add(gguf.integer(key));
      }
    }
    return ends;
  }

  /** A count: nothing of a model can be there less than once. */
  private int integer(String key) {
    int value = gguf.integer(prefix + key);
    if (value <= 0) {
      throw new ModelFileException(
          file, prefix + key + " is " + value + "; a positive integer is needed");
    }
    return value;
  }

  private int integerOr(String key, int standard) {
    return gguf.metadata().containsKey(prefix + key) ? integer(key) : standard;
  }
}
