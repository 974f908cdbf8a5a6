package io.github.alphaumi.onnx;

/** Natural logarithms of probabilities, from logits. */
final class LogProbability {

  private LogProbability() {}

  /** Of one token by the softmax of all logits, summed in double precision. */
  static double of(float[] logits, int id) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < logits.length; i++) {
      max = Math.max(max, logits[i]);
    }
    double sum = 0;
    for (int i = 0; i < logits.length; i++) {
      sum += Math.exp(logits[i] - max);
    }
    return logits[id] - max - Math.log(sum);
  }
}
