package io.github.alphaumi.onnx;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;

/**
 * Rotary position embedding: base and scaling, as in transformers' modeling_rope_utils. Immutable.
 *
 * @param theta the base
 * @param kind how frequencies are scaled for longer contexts
 * @param factor the scale
 * @param lowFrequencyFactor llama3 only
 * @param highFrequencyFactor llama3 only
 * @param originalPositions llama3 only: the context of pre-training
 */
record Rope(
    double theta,
    Kind kind,
    double factor,
    double lowFrequencyFactor,
    double highFrequencyFactor,
    int originalPositions) {

  enum Kind {
    PLAIN,
    LINEAR,
    LLAMA3
  }

  static Rope plain(double theta) {
    return new Rope(theta, Kind.PLAIN, 1, 0, 0, 0);
  }

  static Rope fromHuggingFace(double theta, JsonNode scaling, Path file) {
    String type = scaling.path("rope_type").asText(scaling.path("type").asText("default"));
    return switch (type) {
      case "default" -> plain(theta);
      case "linear" -> new Rope(theta, Kind.LINEAR, number(scaling, "factor", file), 0, 0, 0);
      case "llama3" ->
          new Rope(
              theta,
              Kind.LLAMA3,
              number(scaling, "factor", file),
              number(scaling, "low_freq_factor", file),
              number(scaling, "high_freq_factor", file),
              (int) number(scaling, "original_max_position_embeddings", file));
      default ->
          throw new ModelFileException(
              file, "rope scaling \"" + type + "\"; supported are default, linear and llama3");
    };
  }

  private static double number(JsonNode scaling, String key, Path file) {
    if (!scaling.path(key).isNumber()) {
      throw new ModelFileException(file, "rope scaling has no number \"" + key + "\"");
    }
    return scaling.get(key).asDouble();
  }

  static Rope fromGguf(GgufFile gguf, String prefix, Path file) {
    double theta = gguf.floating(prefix + "rope.freq_base", 10_000);
    if (gguf.has("rope_freqs.weight")) {
      throw new ModelFileException(
          file,
          "rope_freqs.weight (llama3 scaling in a GGUF file) is not supported; use the"
              + " Hugging Face folder of this model");
    }
    String type = gguf.string(prefix + "rope.scaling.type", "none");
    return switch (type) {
      case "none" -> plain(theta);
      case "linear" ->
          new Rope(theta, Kind.LINEAR, gguf.floating(prefix + "rope.scaling.factor"), 0, 0, 0);
      default ->
          throw new ModelFileException(
              file, "rope.scaling.type \"" + type + "\"; supported are none and linear");
    };
  }

  /** Cosines or sines, {@code [positions, headSize / 2]}, in the order of GroupQueryAttention. */
  float[] table(int positions, int headSize, boolean sine) {
    int half = headSize / 2;
    float[] table = new float[positions * half];
    for (int i = 0; i < half; i++) {
      float frequency = (float) frequency(2.0 * i / headSize);
      for (int position = 0; position < positions; position++) {
        double angle = (float) position * frequency;
        table[position * half + i] = (float) (sine ? Math.sin(angle) : Math.cos(angle));
      }
    }
    return table;
  }

  private double frequency(double exponent) {
    double frequency = 1 / Math.pow(theta, exponent);
    if (kind == Kind.PLAIN) {
      return frequency;
    }
    if (kind == Kind.LINEAR) {
      return frequency / factor;
    }
    double wavelength = 2 * Math.PI / frequency;
    if (wavelength < originalPositions / highFrequencyFactor) {
      return frequency;
    }
    if (wavelength > originalPositions / lowFrequencyFactor) {
      return frequency / factor;
    }
    double smooth =
        (originalPositions / wavelength - lowFrequencyFactor)
            / (highFrequencyFactor - lowFrequencyFactor);
    return (1 - smooth) * frequency / factor + smooth * frequency;
  }
}
