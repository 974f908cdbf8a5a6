package io.github.alphaumi.onnx;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.alphaumi.onnx.ModelConfig.LayerShape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a model's {@code config.json}, in the layout of transformers 5 ({@code rope_parameters},
 * {@code layer_types}) or 4 ({@code rope_theta}, {@code rope_scaling}, rules for the layers' kinds
 * that were in the code of each model). Values that are left out are those of transformers.
 */
final class HuggingFaceConfig {
  private static final String FULL = "full_attention";
  private static final String SLIDING = "sliding_attention";
  private static final int WINDOW_OF_MISTRAL = 4096;
  private static final int PATTERN_OF_GEMMA = 6;

  private final JsonNode json;
  private final Path file;
  private final Architecture architecture;

  HuggingFaceConfig(JsonNode json, Path file) {
    this.json = json;
    this.file = file;
    if (!json.path("model_type").isTextual()) {
      throw new ModelFileException(file, "has no text \"model_type\"; is it a model's config?");
    }
    architecture = Architecture.fromHuggingFace(json.get("model_type").asText(), file);
  }

  ModelConfig read(@Nullable JsonNode generation) {
    requireSupported();
    int hidden = positive("hidden_size");
    int heads = positive("num_attention_heads");
    int headSize = headSize(hidden, heads);
    double scalar = json.path("query_pre_attn_scalar").asDouble(headSize);
    return new ModelConfig(
        architecture,
        positive("vocab_size"),
        hidden,
        heads,
        positiveOr("num_key_value_heads", heads),
        headSize,
        positive("intermediate_size"),
        positiveOr("max_position_embeddings", 2048),
        (float) json.path("rms_norm_eps").asDouble(1e-6),
        (float) (1 / Math.sqrt(scalar)),
        layers(headSize),
        json.path("tie_word_embeddings").asBoolean(architecture == Architecture.GEMMA3),
        endTokens(generation != null && generation.has("eos_token_id") ? generation : json));
  }

  private void requireSupported() {
    String activation = architecture.has(Architecture.Trait.GELU) ? "gelu_pytorch_tanh" : "silu";
    requireAbsentOr("hidden_act", activation);
    requireAbsentOr("hidden_activation", activation);
    requireAbsentOr("attention_bias", "false");
    requireAbsentOr("mlp_bias", "false");
    requireAbsentOr("use_bidirectional_attention", "false");
    requireAbsentOr("attn_logit_softcapping", "null");
    requireAbsentOr("final_logit_softcapping", "null");
  }

  private int headSize(int hidden, int heads) {
    // Here transformers' own default is a constant of the family, not a quotient.
    return architecture.has(Architecture.Trait.HEAD_NORMS)
        ? positive("head_dim")
        : positiveOr("head_dim", hidden / heads);
  }

  private List<LayerShape> layers(int headSize) {
    Rope full = rope(FULL, headSize);
    Rope sliding = rope(SLIDING, headSize);
    int window = window();
    List<LayerShape> shapes = new ArrayList<>();
    for (int layer = 0; layer < positive("num_hidden_layers"); layer++) {
      shapes.add(
          isSliding(layer)
              ? new LayerShape(window, sliding)
              : new LayerShape(LayerShape.EVERYTHING, full));
    }
    return shapes;
  }

  private int window() {
    if (architecture == Architecture.MISTRAL && !json.has("sliding_window")) {
      return WINDOW_OF_MISTRAL;
    }
    return positiveOr("sliding_window", LayerShape.EVERYTHING);
  }

  private boolean isSliding(int layer) {
    if (json.hasNonNull("layer_types")) {
      String type = json.get("layer_types").path(layer).asText();
      if (!type.equals(FULL) && !type.equals(SLIDING)) {
        throw new ModelFileException(
            file,
            "\"layer_types\" of layer %d is \"%s\"; supported are %s and %s"
                .formatted(layer, type, FULL, SLIDING));
      }
      return type.equals(SLIDING);
    }
    return switch (architecture) {
      case LLAMA -> false;
      case MISTRAL, PHI3 -> true;
      case QWEN2, QWEN3 ->
          json.path("use_sliding_window").asBoolean(false)
              && layer >= json.path("max_window_layers").asInt(0);
      case GEMMA3 -> (layer + 1) % positiveOr("sliding_window_pattern", PATTERN_OF_GEMMA) != 0;
    };
  }

  private Rope rope(String layerType, int headSize) {
    JsonNode parameters = json.path("rope_parameters");
    if (parameters.path(layerType).isObject()) {
      parameters = parameters.get(layerType);
    }
    boolean local = layerType.equals(SLIDING) && json.hasNonNull("rope_local_base_freq");
    String thetaKey = local ? "rope_local_base_freq" : "rope_theta";
    JsonNode scaling = parameters.isObject() || local ? parameters : json.path("rope_scaling");
    return Rope.fromHuggingFace(
        setting(parameters, thetaKey, 10_000),
        (int) (headSize * setting(parameters, "partial_rotary_factor", 1)),
        scaling,
        file);
  }

  /** A number from the parameters of transformers 5, else from the top level as in version 4. */
  private double setting(JsonNode parameters, String key, double standard) {
    return parameters.path(key).asDouble(json.path(key).asDouble(standard));
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

  private int positive(String key) {
    JsonNode value = json.path(key);
    if (!value.canConvertToInt() || value.asInt() <= 0) {
      throw new ModelFileException(
          file, "\"" + key + "\" is " + value + "; a positive integer is needed");
    }
    return value.asInt();
  }

  private int positiveOr(String key, int standard) {
    return json.hasNonNull(key) ? positive(key) : standard;
  }

  private void requireAbsentOr(String key, String only) {
    if (json.hasNonNull(key) && !json.get(key).asText().equals(only)) {
      throw new ModelFileException(
          file, "\"" + key + "\" is " + json.get(key) + "; supported is " + only);
    }
  }
}
