package io.github.alphaumi.onnx;

/** Makes some of the tokens that may come likelier than the model holds them. Not thread-safe. */
interface LogitBias {

  /** Takes note of a token that was written. */
  void read(int id);

  /**
   * Changes logits before a token is chosen.
   *
   * @param logits one per token; those of tokens that may not come are minus infinity
   */
  void apply(float[] logits);
}
