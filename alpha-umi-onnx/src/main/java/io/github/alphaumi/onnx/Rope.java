package io.github.alphaumi.onnx;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;

/**
 * Rotary position embedding: by which angle each pair of elements of a head is turned per position.
 * Base and scaling are as in transformers' modeling_rope_utils. Immutable.
 */
final class Rope {
  private final float[] frequencies;

  private Rope(float[] frequencies) {
    this.frequencies = frequencies;
  }

  /** How a frequency is changed for longer contexts. */
  private interface Scaling {
    double apply(double frequency);
  }

  private static Rope of(double theta, int dimensions, Scaling scaling) {
    float[] frequencies = new float[dimensions / 2];
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] = (float) scaling.apply(1 / Math.pow(theta, 2.0 * i / dimensions));
    }
    return new Rope(frequencies);
  }

  /**
   * @param dimensions how many elements of a head are rotated, from its first
   * @param scaling an object with {@code rope_type} (older: {@code type}), or none
   */
  static Rope fromHuggingFace(double theta, int dimensions, JsonNode scaling, Path file) {
    String type = scaling.path("rope_type").asText(scaling.path("type").asText("default"));
    return switch (type) {
      case "default" -> of(theta, dimensions, frequency -> frequency);
      case "linear" -> {
        double factor = number(scaling, "factor", file);
        yield of(theta, dimensions, frequency -> frequency / factor);
      }
      case "llama3" -> of(theta, dimensions, llama3(scaling, file));
      default ->
          throw new ModelFileException(
              file,
              "rope scaling has the \"rope_type\" \""
                  + type
                  + "\"; supported are default, linear and llama3");
    };
  }

  /** Low frequencies are divided by the factor, high ones kept, those between interpolated. */
  private static Scaling llama3(JsonNode scaling, Path file) {
    double factor = number(scaling, "factor", file);
    double low = number(scaling, "low_freq_factor", file);
    double high = number(scaling, "high_freq_factor", file);
    double originalPositions = number(scaling, "original_max_position_embeddings", file);
    return frequency -> {
      double turns = originalPositions * frequency / (2 * Math.PI);
      if (turns > high) {
        return frequency;
      }
      if (turns < low) {
        return frequency / factor;
      }
      double smooth = (turns - low) / (high - low);
      return (1 - smooth) * frequency / factor + smooth * frequency;
    };
  }

  private static double number(JsonNode scaling, String key, Path file) {
    if (!scaling.path(key).isNumber()) {
      throw new ModelFileException(file, "rope scaling has no number \"" + key + "\"");
    }
    return scaling.get(key).asDouble();
  }

  static Rope fromGguf(GgufFile gguf, String prefix, int headSize, Path file) {
    if (gguf.has("rope_factors_long.weight")) {
      throw new ModelFileException(
          file, "has rope_factors_long.weight (longrope scaling); supported is rope_freqs.weight");
    }
    double theta = gguf.floating(prefix + "rope.freq_base", 10_000);
    int dimensions = gguf.integer(prefix + "rope.dimension_count", headSize);
    String type = gguf.string(prefix + "rope.scaling.type", "none");
    Rope rope =
        switch (type) {
          case "none" -> of(theta, dimensions, frequency -> frequency);
          case "linear" -> {
            double factor = gguf.floating(prefix + "rope.scaling.factor");
            yield of(theta, dimensions, frequency -> frequency / factor);
          }
          default ->
              throw new ModelFileException(
                  file,
                  prefix + "rope.scaling.type is \"" + type + "\"; supported are none and linear");
        };
    return gguf.has("rope_freqs.weight") ? rope.dividedBy(gguf.tensor("rope_freqs.weight")) : rope;
  }

  /** Converters write llama3 scaling as a divisor for each frequency. */
  private Rope dividedBy(TensorData divisors) {
    float[] scaled = divisors.vector(frequencies.length);
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = frequencies[i] / scaled[i];
    }
    return new Rope(scaled);
  }

  /** How many elements of a head are rotated: its first ones. */
  int dimensions() {
    return 2 * frequencies.length;
  }

  /**
   * Cosines or sines, {@code [positions, dimensions / 2]}; columns are pairs of an element of the
   * first half of what is rotated with its counterpart in the second.
   */
  float[] table(int positions, boolean sine) {
    int half = frequencies.length;
    float[] table = new float[positions * half];
    for (int i = 0; i < half; i++) {
      for (int position = 0; position < positions; position++) {
        double angle = (float) position * frequencies[i];
        table[position * half + i] = (float) (sine ? Math.sin(angle) : Math.cos(angle));
      }
    }
    return table;
  }
}
