package io.github.alphaumi.lab.train;

import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/** The output head and the cross entropy behind it, some targets at a time. */
@SuppressWarnings("try") // A scope is there to be closed.
final class Head {

  /** Targets at a time: logits of all would be the largest tensor by far. */
  private static final int CHUNK = 128;

  private final Tensor weights;
  private final int @Nullable [] tokens;

  private Head(Tensor weights, int @Nullable [] tokens) {
    this.weights = weights;
    this.tokens = tokens;
  }

  static Head whole(Tensor weights) {
    return new Head(weights, null);
  }

  /** A head that knows these tokens only, which are in ascending order. */
  static Head of(Tensor weights, int[] tokens) {
    return new Head(weights.index_select(0, Tensors.of(tokens)), tokens);
  }

  private int[] rows(int[] targets) {
    return tokens == null
        ? targets
        : Arrays.stream(targets).map(token -> Arrays.binarySearch(tokens, token)).toArray();
  }

  /**
   * Loss and gradients.
   *
   * @param normed what the head reads, {@code [targets, hidden]}
   * @param ofNormed takes the gradient of {@code normed}
   * @return sum of the weighted losses
   */
  double learn(Tensor normed, Targets targets, Tensor ofNormed, Gradients gradients) {
    Tensor rows = Tensors.of(rows(targets.tokens())).unsqueeze(1);
    Tensor scales = Tensors.of(targets.weights(), targets.count(), 1);
    double loss = 0;
    for (int from = 0; from < targets.count(); from += CHUNK) {
      int count = Math.min(CHUNK, targets.count() - from);
      try (PointerScope scope = new PointerScope()) {
        Tensor in = Tensors.rows(normed, from, count);
        Tensor target = Tensors.rows(rows, from, count);
        Tensor scale = Tensors.rows(scales, from, count);
        Tensor logits = in.mm(weights.t());
        Tensor total = logits.logsumexp(new long[] {1}, true);
        float[] losses = Tensors.floats(total.sub(logits.gather(1, target)));
        for (int i = 0; i < count; i++) {
          loss += (double) losses[i] * targets.weights()[from + i];
        }
        // Softmax times the weight, less the weight at the target.
        Tensor gradient = logits.sub_(total).exp_().mul_(scale);
        gradient.scatter_add_(1, target, scale.neg());
        Tensors.rows(ofNormed, from, count).copy_(gradient.mm(weights));
        if (gradients.everything()) {
          gradients.head(in, gradient);
        }
      }
    }
    return loss;
  }

  /**
   * @param loss sum of the losses, unweighted
   * @param right whether the target is the most likely token
   */
  record Prediction(double loss, boolean[] right) {}

  Prediction predict(Tensor normed, Targets targets) {
    boolean[] right = new boolean[targets.count()];
    double loss = 0;
    for (int from = 0; from < right.length; from += CHUNK) {
      int count = Math.min(CHUNK, right.length - from);
      try (PointerScope scope = new PointerScope()) {
        Tensor logits = Tensors.rows(normed, from, count).mm(weights.t());
        int[] expected = Arrays.copyOfRange(targets.tokens(), from, from + count);
        Tensor target = Tensors.of(expected).unsqueeze(1);
        Tensor total = logits.logsumexp(new long[] {1}, true);
        for (float value : Tensors.floats(total.sub_(logits.gather(1, target)))) {
          loss += value;
        }
        long[] best = Tensors.longs(logits.argmax(new LongOptional(1), false));
        for (int i = 0; i < count; i++) {
          right[from + i] = best[i] == expected[i];
        }
      }
    }
    return new Prediction(loss, right);
  }
}
