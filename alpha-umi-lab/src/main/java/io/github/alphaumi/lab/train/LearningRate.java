package io.github.alphaumi.lab.train;

/** Linear warm-up, then half a cosine, by tokens. */
final class LearningRate {
  private final TrainingOptions options;

  LearningRate(TrainingOptions options) {
    this.options = options;
  }

  /**
   * @param tokens how many went through the network when the update is done
   */
  double at(long tokens) {
    double all = options.decayTokens() == 0 ? options.tokens() : options.decayTokens();
    double warm = options.warmup() * all;
    if (tokens < warm) {
      return options.learningRate() * tokens / warm;
    }
    double share = warm < all ? Math.min(1, (tokens - warm) / (all - warm)) : 1;
    double cosine = (1 + Math.cos(Math.PI * share)) / 2;
    return options.finalLearningRate()
        + (options.learningRate() - options.finalLearningRate()) * cosine;
  }
}
