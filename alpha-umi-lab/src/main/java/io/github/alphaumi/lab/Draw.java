package io.github.alphaumi.lab;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Samples by a seed. */
final class Draw {
  private Draw() {}

  /** So many of the list, in its order; all if there are no more. */
  static <T> List<T> some(List<T> all, int size, long seed) {
    if (size >= all.size()) {
      return all;
    }
    List<Integer> indexes = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      indexes.add(i);
    }
    Collections.shuffle(indexes, new Random(seed));
    return indexes.subList(0, size).stream().sorted().map(all::get).toList();
  }
}
