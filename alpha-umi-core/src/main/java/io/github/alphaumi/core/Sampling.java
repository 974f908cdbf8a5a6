package io.github.alphaumi.core;

/**
 * How the next token is chosen. Immutable.
 *
 * <p>What is asked for takes effect in this order, that of transformers' {@code generate}:
 * repetition penalty, temperature, top-k, top-p, min-p, each on what those before it have left.
 *
 * <pre>{@code
 * Sampling.temperature(0.7, 42).withTopP(0.9).withMinP(0.05)
 * }</pre>
 *
 * @param temperature 0 takes the likeliest token; otherwise logits are divided by it
 * @param topK only the k likeliest tokens; 0 for all
 * @param topP only the likeliest tokens that together have this probability; 1 for all
 * @param minP only tokens at least this probable in proportion to the likeliest one; 0 for all
 * @param repetitionPenalty divides the positive logits, and multiplies the negative ones, of every
 *     token that is in the prompt or was written (CTRL, arXiv 1909.05858); 1 for none; works at
 *     temperature 0, too
 * @param seed the same seed gives the same text
 */
public record Sampling(
    double temperature, int topK, double topP, double minP, double repetitionPenalty, long seed) {

  private static final Sampling GREEDY = new Sampling(0, 0, 1, 0, 1, 0);

  public Sampling {
    if (!(temperature >= 0 && temperature < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "temperature: " + temperature + " is not a finite number of at least 0");
    }
    if (topK < 0) {
      throw new IllegalArgumentException("topK: " + topK + " is less than 0");
    }
    if (!(topP > 0 && topP <= 1)) {
      throw new IllegalArgumentException("topP: " + topP + " is not in (0, 1]");
    }
    if (!(minP >= 0 && minP <= 1)) {
      throw new IllegalArgumentException("minP: " + minP + " is not in [0, 1]");
    }
    if (!(repetitionPenalty > 0 && repetitionPenalty < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "repetitionPenalty: " + repetitionPenalty + " is not a finite number above 0");
    }
  }

  /** Always the likeliest token. */
  public static Sampling greedy() {
    return GREEDY;
  }

  /** By chance, out of all tokens. */
  public static Sampling temperature(double temperature, long seed) {
    return GREEDY.withTemperature(temperature).withSeed(seed);
  }

  public Sampling withTemperature(double temperature) {
    return new Sampling(temperature, topK, topP, minP, repetitionPenalty, seed);
  }

  public Sampling withTopK(int topK) {
    return new Sampling(temperature, topK, topP, minP, repetitionPenalty, seed);
  }

  public Sampling withTopP(double topP) {
    return new Sampling(temperature, topK, topP, minP, repetitionPenalty, seed);
  }

  public Sampling withMinP(double minP) {
    return new Sampling(temperature, topK, topP, minP, repetitionPenalty, seed);
  }

  public Sampling withRepetitionPenalty(double repetitionPenalty) {
    return new Sampling(temperature, topK, topP, minP, repetitionPenalty, seed);
  }

  public Sampling withSeed(long seed) {
    return new Sampling(temperature, topK, topP, minP, repetitionPenalty, seed);
  }

  public boolean isGreedy() {
    return temperature == 0;
  }
}
