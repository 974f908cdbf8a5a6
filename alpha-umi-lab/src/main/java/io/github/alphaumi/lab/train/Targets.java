package io.github.alphaumi.lab.train;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Tokens of a pack's turns, in the order of the turns. */
final class Targets {
  private final int[] places;
  private final int[] tokens;
  private final float[] weights;

  Targets(Pack pack) {
    int count = pack.turns().stream().mapToInt(turn -> turn.to() - turn.from()).sum();
    places = new int[count];
    tokens = new int[count];
    weights = new float[count];
    int at = 0;
    for (Pack.Turn turn : pack.turns()) {
      for (int i = turn.from(); i < turn.to(); i++) {
        places[at] = i - 1;
        tokens[at] = pack.tokens()[i];
        weights[at++] = turn.weight();
      }
    }
  }

  int count() {
    return tokens.length;
  }

  /** From where each is predicted: the token before it. */
  int[] places() {
    return places;
  }

  int[] tokens() {
    return tokens;
  }

  float[] weights() {
    return weights;
  }

  double weight() {
    double sum = 0;
    for (float weight : weights) {
      sum += weight;
    }
    return sum;
  }

  /** All ids below a limit and those of the targets, in ascending order. */
  int[] tokensWith(int limit) {
    return IntStream.concat(IntStream.range(0, limit), Arrays.stream(tokens))
        .sorted()
        .distinct()
        .toArray();
  }
}
