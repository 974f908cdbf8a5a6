package io.github.alphaumi.onnx;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The shape of a decoder of the Llama family, from a Hugging Face {@code config.json} (layouts of
 * transformers 4 and 5) or from GGUF metadata.
 *
 * @param rmsEpsilon what the norms add under the root
 * @param tiedHead whether the output head is the token embedding
 * @param endTokens ids that end a text
 */
record ModelConfig(
    int vocabularySize,
    int hiddenSize,
    int layers,
    int heads,
    int keyValueHeads,
    int headSize,
    int intermediateSize,
    int maxPositions,
    float rmsEpsilon,
    Rope rope,
    boolean tiedHead,
    Set<Integer> endTokens) {

  private static final int HEAD_SIZE_STEP = 16;
  private static final String SUPPORTED = "supported is: llama (SmolLM, TinyLlama, Llama 2 and 3)";

  ModelConfig {
    // One that the model cannot write ends nothing.
    int size = vocabularySize;
    endTokens =
        endTokens.stream()
            .filter(id -> id >= 0 && id < size)
            .collect(Collectors.toUnmodifiableSet());
  }

  /** The rows of q, k and v together. */
  int queryKeyValueSize() {
    return (heads + 2 * keyValueHeads) * headSize;
  }

  static ModelConfig fromHuggingFace(JsonNode config, @Nullable JsonNode generation, Path file) {
    JsonReader json = new JsonReader(config, file);
    String type = json.text("model_type");
    if (!type.equals("llama")) {
      throw new ModelFileException(file, "model_type is \"" + type + "\"; " + SUPPORTED);
    }
    json.requireAbsentOr("hidden_act", "silu");
    json.requireAbsentOr("attention_bias", "false");
    json.requireAbsentOr("mlp_bias", "false");
    int hidden = json.positive("hidden_size");
    int heads = json.positive("num_attention_heads");
    JsonNode ropeParameters =
        config.hasNonNull("rope_parameters") ? config.get("rope_parameters") : null;
    double theta =
        ropeParameters != null
            ? ropeParameters.path("rope_theta").asDouble(10_000)
            : config.path("rope_theta").asDouble(10_000);
    JsonNode scaling = ropeParameters != null ? ropeParameters : config.path("rope_scaling");
    ModelConfig shape =
        new ModelConfig(
            json.positive("vocab_size"),
            hidden,
            json.positive("num_hidden_layers"),
            heads,
            json.positiveOr("num_key_value_heads", heads),
            json.positiveOr("head_dim", hidden / heads),
            json.positive("intermediate_size"),
            json.positiveOr("max_position_embeddings", 2048),
            (float) config.path("rms_norm_eps").asDouble(1e-6),
            Rope.fromHuggingFace(theta, scaling, file),
            config.path("tie_word_embeddings").asBoolean(false),
            endTokens(generation != null && generation.has("eos_token_id") ? generation : config));
    return shape.checked(file);
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

  private static Set<Integer> endTokens(JsonNode json) {
    Set<Integer> ids = new LinkedHashSet<>();
    JsonNode end = json.path("eos_token_id");
    if (end.isInt()) {
      ids.add(end.asInt());
    }
    end.forEach(id -> ids.add(id.asInt()));
    return ids;
  }

  static ModelConfig fromGguf(GgufFile gguf, Path file) {
    String architecture = gguf.string("general.architecture");
    if (!architecture.equals("llama")) {
      throw new ModelFileException(
          file, "general.architecture is \"" + architecture + "\"; " + SUPPORTED);
    }
    String at = architecture + ".";
    int hidden = positive(gguf, at + "embedding_length", file);
    int heads = positive(gguf, at + "attention.head_count", file);
    boolean tied = !gguf.has("output.weight");
    int vocabulary = (int) gguf.tensor("token_embd.weight").shape()[0];
    Set<Integer> ends = new LinkedHashSet<>();
    for (String key : new String[] {"tokenizer.ggml.eos_token_id", "tokenizer.ggml.eot_token_id"}) {
      if (gguf.metadata().containsKey(key)) {
        ends.add(gguf.integer(key));
      }
    }
    ModelConfig shape =
        new ModelConfig(
            vocabulary,
            hidden,
            positive(gguf, at + "block_count", file),
            heads,
            positiveOr(gguf, at + "attention.head_count_kv", heads, file),
            positiveOr(gguf, at + "attention.key_length", hidden / heads, file),
            positive(gguf, at + "feed_forward_length", file),
            positive(gguf, at + "context_length", file),
            (float) gguf.floating(at + "attention.layer_norm_rms_epsilon"),
            Rope.fromGguf(gguf, at, file),
            tied,
            ends);
    return shape.checked(file);
  }

  private static int positive(GgufFile gguf, String key, Path file) {
    int value = gguf.integer(key);
    if (value <= 0) {
      throw new ModelFileException(file, key + " is " + value + "; a positive integer is needed");
    }
    return value;
  }

  private static int positiveOr(GgufFile gguf, String key, int standard, Path file) {
    return gguf.metadata().containsKey(key) ? positive(gguf, key, file) : standard;
  }

  /** Members of a config.json, with errors that name the file and the key. */
  private record JsonReader(JsonNode json, Path file) {
    String text(String key) {
      if (!json.path(key).isTextual()) {
        throw new ModelFileException(file, "has no text \"" + key + "\"; is it a model's config?");
      }
      return json.get(key).asText();
    }

    int positive(String key) {
      JsonNode value = json.path(key);
      if (!value.canConvertToInt() || value.asInt() <= 0) {
        throw new ModelFileException(
            file, "\"" + key + "\" is " + value + "; a positive integer is needed");
      }
      return value.asInt();
    }

    int positiveOr(String key, int standard) {
      return json.hasNonNull(key) ? positive(key) : standard;
    }

    void requireAbsentOr(String key, String only) {
      if (json.hasNonNull(key) && !json.get(key).asText().equals(only)) {
        throw new ModelFileException(
            file, "\"" + key + "\" is " + json.get(key) + "; supported is " + only);
      }
    }
  }
}
