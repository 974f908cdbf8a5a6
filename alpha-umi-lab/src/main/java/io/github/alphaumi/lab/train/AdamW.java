package io.github.alphaumi.lab.train;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/** Adam with decoupled weight decay (arXiv 1711.05101) over one row of values. */
@SuppressWarnings("try") // A scope is there to be closed.
final class AdamW {
  private final TrainingOptions options;
  private final Tensor values;
  private final List<Trainable.Span> decaying;
  private final @Nullable Tensor rateFactors;
  private final Tensor mean;
  private final Tensor square;

  AdamW(TrainingOptions options, Trainable trainable) {
    this.options = options;
    values = trainable.values();
    decaying = trainable.decaying();
    rateFactors = trainable.rateFactors().orElse(null);
    mean = Tensors.zeros(values.numel());
    square = Tensors.zeros(values.numel());
  }

  /** Moving mean of gradients. */
  Tensor mean() {
    return mean;
  }

  /** Moving mean of their squares. */
  Tensor square() {
    return square;
  }

  /**
   * Changes the values.
   *
   * @param step number of this update, from 1
   * @param gradient overwritten
   */
  void update(long step, double learningRate, Tensor gradient) {
    try (PointerScope scope = new PointerScope()) {
      if (options.weightDecay() > 0) {
        for (Trainable.Span span : decaying) {
          values
              .narrow(0, span.offset(), span.size())
              .mul_(new Scalar(1 - learningRate * options.weightDecay()));
        }
      }
      mean.mul_(new Scalar(options.beta1())).add_(gradient, new Scalar(1 - options.beta1()));
      square
          .mul_(new Scalar(options.beta2()))
          .addcmul_(gradient, gradient, new Scalar(1 - options.beta2()));
      double meanBias = 1 - Math.pow(options.beta1(), step);
      double squareBias = 1 - Math.pow(options.beta2(), step);
      gradient
          .copy_(square)
          .sqrt_()
          .div_(new Scalar(Math.sqrt(squareBias)))
          .add_(new Scalar(options.epsilon()));
      if (rateFactors != null) {
        gradient.div_(rateFactors);
      }
      values.addcdiv_(mean, gradient, new Scalar(-learningRate / meanBias));
    }
  }
}
