package io.github.alphaumi.lab.train;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * Hands out packs by rounds, one for each worker and all of about the same length: workers wait for
 * the longest. For that some packs at a time are sorted by their lengths; the rounds that come out
 * of it are shuffled.
 */
final class Rounds {

  /** Rounds that are sorted together. */
  private static final int WINDOW = 16;

  /** Packs in a row without anything to learn, after which there will be none. */
  private static final int MOST_EMPTY = 100_000;

  private final Packs packs;
  private final int workers;
  private final long seed;
  private final List<List<Pack>> window = new ArrayList<>();
  private Place place;
  private long next;

  /**
   * Where the next round is.
   *
   * @param pack index of the first pack that is sorted with it
   * @param round number of it among these
   */
  record Place(long pack, int round) {}

  Rounds(Packs packs, int workers, long seed, Place place) {
    this.packs = packs;
    this.workers = workers;
    this.seed = seed;
    this.place = place;
    fill();
  }

  private void fill() {
    next = place.pack();
    List<Pack> sorted = new ArrayList<>();
    int empty = 0;
    while (sorted.size() < WINDOW * workers) {
      Pack pack = packs.at(next++);
      if (!pack.turns().isEmpty()) {
        sorted.add(pack);
        empty = 0;
      } else if (++empty > MOST_EMPTY) {
        throw new IllegalArgumentException(
            "%d packs in a row have no turn to learn; do the data have turns of the roles that are trained?"
                .formatted(empty));
      }
    }
    sorted.sort(Comparator.comparingInt(Pack::length));
    window.clear();
    for (int i = 0; i < sorted.size(); i += workers) {
      window.add(sorted.subList(i, i + workers));
    }
    Collections.shuffle(window, new Random(seed + place.pack()));
  }

  /** As many packs as there are workers. */
  List<Pack> next() {
    if (place.round() == window.size()) {
      place = new Place(next, 0);
      fill();
    }
    List<Pack> round = window.get(place.round());
    place = new Place(place.pack(), place.round() + 1);
    return round;
  }

  /** From where {@link #next} goes on. */
  Place place() {
    return place;
  }
}
