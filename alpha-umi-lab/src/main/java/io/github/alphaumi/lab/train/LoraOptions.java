package io.github.alphaumi.lab.train;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Low-rank adaptation (arXiv 2106.09685): {@code y = x W^T + alpha / rank * (x A^T) B^T}.
 *
 * @param rank rows of A
 * @param alpha scale of the product, times the rank
 * @param layers which layers of the model are adapted, from 0; null: all
 * @param targets which matrices of a layer
 * @param sharedInputs whether matrices that read the same, q, k and v, or gate and up, have one A
 *     together; an adapter then holds it several times
 * @param rateRatio the learning rate of B over that of A (LoRA+, arXiv 2402.12354)
 */
record LoraOptions(
    int rank,
    double alpha,
    @Nullable List<Integer> layers,
    List<Projection> targets,
    boolean sharedInputs,
    double rateRatio) {

  static final LoraOptions DEFAULTS =
      new LoraOptions(16, 32, null, List.of(Projection.values()), false, 1);

  LoraOptions {
    Settings.check(rank > 0, "lora.rank", rank, "1 or more, such as 16");
    Settings.check(alpha > 0, "lora.alpha", alpha, "more than 0, such as twice the rank");
    Settings.check(!targets.isEmpty(), "lora.targets", targets, "q, k, v, o, gate, up or down");
    Settings.check(rateRatio > 0, "lora.rateRatio", rateRatio, "more than 0, such as 4");
    targets = List.copyOf(targets);
    if (layers != null) {
      Settings.check(!layers.isEmpty(), "lora.layers", layers, "numbers of layers, or left out");
      layers = List.copyOf(layers);
    }
  }

  boolean adapts(int layer) {
    return layers == null || layers.contains(layer);
  }
}
