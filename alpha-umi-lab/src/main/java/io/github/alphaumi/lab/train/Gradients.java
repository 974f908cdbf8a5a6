package io.github.alphaumi.lab.train;

import org.bytedeco.pytorch.Tensor;

/** Takes up what a network's backward pass finds, and adds it to what it has. */
interface Gradients {

  /** The lowest layer of which anything is learnt: gradients below are not asked for. */
  int lowestLayer();

  /**
   * @param in what the matrix read, {@code [length, in]}
   * @param out gradient of what it gave, {@code [length, out]}
   */
  void matrix(int layer, Matrix.Kind kind, Tensor in, Tensor out);

  /** Whether {@link #vector}, {@link #head} and {@link #embedding} are wanted. */
  boolean everything();

  /** A norm's weights or a bias. */
  void vector(Vector vector, int layer, Tensor gradient);

  /**
   * @param in what the head read, {@code [targets, hidden]}
   * @param out gradient of the logits, {@code [targets, vocabulary]}
   */
  void head(Tensor in, Tensor out);

  /**
   * @param ids {@code [length]}
   * @param gradient of their embeddings, {@code [length, hidden]}
   */
  void embedding(Tensor ids, Tensor gradient);

  /** Which vector. The layer of the final norm is that behind the last one. */
  enum Vector {
    ATTENTION_NORM,
    BIAS,
    MLP_NORM,
    FINAL_NORM
  }
}
