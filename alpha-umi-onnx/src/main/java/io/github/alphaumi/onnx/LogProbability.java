package io.github.alphaumi.onnx;

/** Natural logarithms of probabilities, from logits. */
final class LogProbability {

  private LogProbability() {}

  /** Of one token by the softmax of all logits, summed in double precision. */
  static double of(float[] logits, int id) {
    return of(logits, 0, logits.length, id);
  }

  /** The same for the {@code size} logits that begin at {@code from}. */
  static double of(float[] logits, int from, int size, int id) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = from; i < from + size; i++) {
      max = Math.max(max, logits[i]);
    }
    double sum = 0;
    for (int i = from; i < from + size; i++) {
      sum += Math.exp(logits[i] - max);
    }
    return logits[from + id] - max - Math.log(sum);
  }
}
