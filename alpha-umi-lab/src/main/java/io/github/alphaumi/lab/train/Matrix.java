package io.github.alphaumi.lab.train;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/** A linear layer's weights, {@code [out, in]}. */
final class Matrix {

  /** The matrices of a layer as they are computed: those that read the same are one. */
  enum Kind {
    QUERY_KEY_VALUE(Projection.QUERY, Projection.KEY, Projection.VALUE),
    OUTPUT(Projection.OUTPUT),
    GATE_UP(Projection.GATE, Projection.UP),
    DOWN(Projection.DOWN);

    private final List<Projection> projections;

    Kind(Projection... projections) {
      this.projections = List.of(projections);
    }

    /** Whose rows these are, in this order. */
    List<Projection> projections() {
      return projections;
    }
  }

  private final Tensor weights;
  private final Tensor transposed;
  private final @Nullable Tensor shortWeights;
  private final @Nullable Tensor shortTransposed;

  /**
   * @param weights read at each use, so that what changes them is seen, after {@link #changed} with
   *     {@link Precision#BF16}
   */
  Matrix(Tensor weights, Precision precision) {
    this.weights = weights;
    transposed = weights.t();
    shortWeights = precision == Precision.BF16 ? weights.to(ScalarType.BFloat16) : null;
    shortTransposed = shortWeights == null ? null : shortWeights.t();
  }

  Tensor weights() {
    return weights;
  }

  void changed() {
    if (shortWeights != null) {
      shortWeights.copy_(weights);
    }
  }

  /** {@code x W^T}. */
  Tensor forward(Tensor x) {
    return shortTransposed == null ? x.mm(transposed) : inShort(x, shortTransposed);
  }

  /** {@code residual + x W^T}. */
  Tensor forward(Tensor x, Tensor residual) {
    return shortTransposed == null
        ? torch.addmm(residual, x, transposed)
        : inShort(x, shortTransposed).add_(residual);
  }

  /** The gradient of what came in, of that of what went out: {@code gradient W}. */
  Tensor backward(Tensor gradient) {
    return shortWeights == null ? gradient.mm(weights) : inShort(gradient, shortWeights);
  }

  private static Tensor inShort(Tensor left, Tensor right) {
    return left.to(ScalarType.BFloat16).mm(right).to(ScalarType.Float);
  }
}
