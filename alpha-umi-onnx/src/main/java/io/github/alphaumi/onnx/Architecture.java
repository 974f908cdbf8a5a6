package io.github.alphaumi.onnx;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The families of decoders that can be run, and what each does otherwise than Llama: what a family
 * always does is a {@link Trait}; what varies between models of a family is in {@link ModelConfig}.
 */
enum Architecture {
  /** Llama 2 and 3, SmolLM, TinyLlama; in GGUF files Mistral, too. */
  LLAMA("llama", "llama"),
  MISTRAL("mistral", null),
  QWEN2("qwen2", "qwen2", Trait.QUERY_KEY_VALUE_BIAS),
  QWEN3("qwen3", "qwen3", Trait.HEAD_NORMS),
  PHI3("phi3", "phi3", Trait.PACKED_TENSORS),
  GEMMA3(
      "gemma3_text",
      null,
      Trait.HEAD_NORMS,
      Trait.NORMS_AFTER_BLOCKS,
      Trait.NORM_WEIGHTS_FROM_ONE,
      Trait.SCALED_EMBEDDING,
      Trait.GELU);

  enum Trait {
    /** The projections to queries, keys and values add a vector. */
    QUERY_KEY_VALUE_BIAS,
    /** Each head's query and key goes through a norm before it is rotated. */
    HEAD_NORMS,
    /** The checkpoint has q, k and v in one tensor, and gate and up in one. */
    PACKED_TENSORS,
    /** What attention and MLP give goes through a norm before it is added to the residual. */
    NORMS_AFTER_BLOCKS,
    /** Norms multiply by one more than their weights; GGUF files have the one added. */
    NORM_WEIGHTS_FROM_ONE,
    /** Token embeddings are multiplied by the square root of their size. */
    SCALED_EMBEDDING,
    /** The gate's activation is GELU in its tanh form instead of SiLU. */
    GELU
  }

  private final String huggingFaceName;
  private final @Nullable String ggufName;
  private final Set<Trait> traits;

  Architecture(String huggingFaceName, @Nullable String ggufName, Trait... traits) {
    this.huggingFaceName = huggingFaceName;
    this.ggufName = ggufName;
    this.traits = EnumSet.noneOf(Trait.class);
    this.traits.addAll(Arrays.asList(traits));
  }

  boolean has(Trait trait) {
    return traits.contains(trait);
  }

  /** The tensor, within a layer, of the norm before the MLP. */
  String normBeforeMlp() {
    return has(Trait.NORMS_AFTER_BLOCKS)
        ? "pre_feedforward_layernorm.weight"
        : "post_attention_layernorm.weight";
  }

  /**
   * @param file the config.json that has the name as {@code model_type}
   */
  static Architecture fromHuggingFace(String modelType, Path file) {
    return find("model_type", modelType, file, architecture -> architecture.huggingFaceName);
  }

  /**
   * @param file the GGUF file that has the name as {@code general.architecture}
   */
  static Architecture fromGguf(String name, Path file) {
    return find("general.architecture", name, file, architecture -> architecture.ggufName);
  }

  private static Architecture find(
      String key, String name, Path file, Function<Architecture, @Nullable String> naming) {
    for (Architecture architecture : values()) {
      if (name.equals(naming.apply(architecture))) {
        return architecture;
      }
    }
    String supported =
        Arrays.stream(values())
            .filter(architecture -> naming.apply(architecture) != null)
            .map(naming)
            .collect(Collectors.joining(", "));
    throw new ModelFileException(
        file, "%s is \"%s\"; supported are %s".formatted(key, name, supported));
  }
}
