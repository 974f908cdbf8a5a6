package io.github.alphaumi.lab.train;

import java.util.Map;

/**
 * What one training learns of the data.
 *
 * @param joined whether it learns the turns of a single model, or else those of the roles
 * @param weights of each token's loss by its role; a role that is missing is not learnt
 * @param half whose tasks it learns
 */
record Lesson(boolean joined, Map<String, Float> weights, Half half) {

  /** The paper's ablation without reuse parts the tasks between the backbone and the roles. */
  enum Half {
    ALL,
    BACKBONE,
    ROLES
  }

  Lesson {
    weights = Map.copyOf(weights);
  }

  boolean learns(Sample sample) {
    return sample.joined() == joined
        && (half == Half.ALL || sample.forBackbone() == (half == Half.BACKBONE))
        && sample.parts().stream().anyMatch(part -> weights.containsKey(part.role()));
  }
}
