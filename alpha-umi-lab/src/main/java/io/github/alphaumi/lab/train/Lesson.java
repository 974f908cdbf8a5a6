package io.github.alphaumi.lab.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

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

  /** Those of the samples that it learns, with its weights. */
  List<SampleEncoder.Encoded> of(List<SampleEncoder.Encoded> samples) {
    List<SampleEncoder.Encoded> learnt = new ArrayList<>();
    for (SampleEncoder.Encoded encoded : samples) {
      List<Pack.Turn> turns = new ArrayList<>();
      for (Pack.Turn turn : encoded.turns()) {
        Float weight = weights.get(turn.role());
        if (weight != null) {
          turns.add(new Pack.Turn(turn.role(), turn.from(), turn.to(), turn.decisive(), weight));
        }
      }
      if (isFor(encoded.sample()) && !turns.isEmpty()) {
        learnt.add(new SampleEncoder.Encoded(encoded.sample(), encoded.tokens(), turns));
      }
    }
    return learnt;
  }

  private boolean isFor(Sample sample) {
    return sample.joined() == joined
        && (half == Half.ALL || sample.forBackbone() == (half == Half.BACKBONE));
  }

  /** The same of everybody's tasks, for measuring. */
  Lesson ofAllTasks() {
    return new Lesson(joined, weights, Half.ALL);
  }

  /** The same text for the same lesson. */
  String describe() {
    return (joined ? "joined " : "turns ") + new TreeMap<>(weights) + " " + half;
  }
}
