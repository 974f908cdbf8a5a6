package io.github.alphaumi.lab;

import io.github.alphaumi.core.Sampling;
import picocli.CommandLine.Option;

/** How tokens are chosen. */
final class SamplingOptions {
  @Option(names = "--temperature", description = "0 is greedy (${DEFAULT-VALUE}).")
  private double temperature;

  @Option(names = "--top-k", description = "Only the k likeliest tokens; 0 for all.")
  private int topK;

  @Option(
      names = "--top-p",
      description = "Only the likeliest tokens that together have this probability.")
  private double topP = 1;

  @Option(
      names = "--min-p",
      description = "Only tokens this probable in proportion to the likeliest.")
  private double minP;

  @Option(
      names = "--repetition-penalty",
      description = "Above 1 makes what was said less likely, the prompt included.")
  private double repetitionPenalty = 1;

  @Option(names = "--seed", description = "The same seed gives the same text.")
  private long seed;

  /**
   * @throws IllegalArgumentException that names the value that is out of range
   */
  Sampling sampling() {
    return new Sampling(temperature, topK, topP, minP, repetitionPenalty, seed);
  }
}
