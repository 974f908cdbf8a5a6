package io.github.alphaumi.lab.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/** What is learnt: an adapter, or all weights. */
interface Trainable {

  /** The network with what was learnt in it, as of the last {@link #apply}. */
  Weights weights();

  /** All values in one row, which the optimizer changes; {@code [size]}. */
  Tensor values();

  /** Makes the network compute with the values as they are. */
  void apply();

  /**
   * Sums of gradients.
   *
   * @param sums as {@link #values}
   */
  Gradients gradients(Tensor sums);

  /** Which values weight decay is for. */
  List<Span> decaying();

  /** What the learning rate is multiplied by for each of the values; empty: by 1. */
  Optional<Tensor> rateFactors();

  /** Neighbouring values, from an offset on. */
  record Span(long offset, long size) {}

  /** Writes what was learnt into a folder that is there. */
  void write(Path folder) throws IOException;
}
