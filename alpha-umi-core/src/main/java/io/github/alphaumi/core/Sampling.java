package io.github.alphaumi.core;

/**
 * How the next token is chosen. Immutable.
 *
 * @param temperature 0 takes the likeliest token; otherwise logits are divided by it
 * @param topK only the k likeliest tokens; 0 for all
 * @param topP only the likeliest tokens that together have this probability; 1 for all
 * @param seed the same seed gives the same text
 */
public record Sampling(double temperature, int topK, double topP, long seed) {

  private static final Sampling GREEDY = new Sampling(0, 0, 1, 0);

  public Sampling {
    if (!(temperature >= 0)) {
      throw new IllegalArgumentException("temperature: " + temperature + " is less than 0");
    }
    if (topK < 0) {
      throw new IllegalArgumentException("topK: " + topK + " is less than 0");
    }
    if (!(topP > 0 && topP <= 1)) {
      throw new IllegalArgumentException("topP: " + topP + " is not in (0, 1]");
    }
  }

  /** Always the likeliest token. */
  public static Sampling greedy() {
    return GREEDY;
  }

  public static Sampling temperature(double temperature, long seed) {
    return new Sampling(temperature, 0, 1, seed);
  }

  public boolean isGreedy() {
    return temperature == 0;
  }
}
