package io.github.alphaumi.lab.train;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Root mean square normalisation (arXiv 1910.07467), {@code y = x * r * w} with {@code r = 1 /
 * sqrt(mean(x^2) + epsilon)}, with its gradient written out: as single operations with automatic
 * differentiation it would read and write its rows three times as often.
 */
final class RmsNorm {
  private static final long[] COLUMNS = {1};

  private final Tensor x;
  private final Tensor weights;
  private final Tensor scale;
  private final Tensor y;

  RmsNorm(Tensor x, Tensor weights, float epsilon) {
    this.x = x;
    this.weights = weights;
    scale =
        torch
            .linalg_vector_norm(x, new Scalar(2), COLUMNS, true, new ScalarTypeOptional())
            .square_()
            .div_(new Scalar((double) x.size(1)))
            .add_(new Scalar((double) epsilon))
            .rsqrt_();
    y = x.mul(scale).mul_(weights);
  }

  Tensor y() {
    return y;
  }

  /**
   * Adds the gradient of x to a tensor.
   *
   * @param gradient of y; overwritten
   */
  void backward(Tensor gradient, Tensor sum) {
    gradient.mul_(weights);
    Tensor along = gradient.mul(x).sum(COLUMNS, true, new ScalarTypeOptional());
    along.mul_(scale).mul_(scale).mul_(scale).div_(new Scalar(-(double) x.size(1)));
    sum.addcmul_(gradient, scale);
    sum.addcmul_(x, along);
  }

  /** Gradient of the weights. */
  Tensor weightGradient(Tensor gradient) {
    return gradient.mul(x).mul_(scale).sum(0L);
  }
}
