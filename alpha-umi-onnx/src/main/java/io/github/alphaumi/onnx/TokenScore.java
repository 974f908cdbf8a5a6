package io.github.alphaumi.onnx;

/**
 * What a model thinks of one token of a text. Immutable.
 *
 * @param logProbability the natural logarithm of the token's probability
 * @param likeliest the token that the model holds the likeliest at its place
 */
public record TokenScore(double logProbability, int likeliest) {

  static TokenScore of(float[] logits, int id) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      best = logits[i] > logits[best] ? i : best;
    }
    return new TokenScore(LogProbability.of(logits, id), best);
  }
}
