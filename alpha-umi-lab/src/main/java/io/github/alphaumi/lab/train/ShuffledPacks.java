package io.github.alphaumi.lab.train;

import com.google.common.hash.Hashing;
import java.util.ArrayList;
import java.util.List;

/**
 * An endless row of the packs of several files. In each epoch a file gives its share of its packs,
 * all of one file's before any for a second time, in an order of the epoch's own. Thread-safe.
 */
final class ShuffledPacks implements Packs {
  private final List<Part> parts;
  private final long seed;
  private final int epochSize;

  /**
   * @param share how many times an epoch has the file's packs
   */
  record Part(PackFile packs, double share) {
    int count() {
      return packs.size() == 0 ? 0 : Math.max(1, (int) Math.round(packs.size() * share));
    }
  }

  /**
   * @throws IllegalArgumentException if there are no packs
   */
  ShuffledPacks(List<Part> parts, long seed) {
    this.parts = List.copyOf(parts);
    this.seed = seed;
    epochSize = parts.stream().mapToInt(Part::count).sum();
    if (epochSize == 0) {
      throw new IllegalArgumentException("data: nothing in it to learn");
    }
  }

  /** Packs of an epoch. */
  int epochSize() {
    return epochSize;
  }

  @Override
  public Pack at(long index) {
    long number = index / epochSize;
    int place = permuted(epochSize, (int) (index % epochSize), mixed(0, number));
    for (int i = 0; ; i++) {
      Part part = parts.get(i);
      if (place < part.count()) {
        return part.packs.at(pack(i, number * part.count() + place));
      }
      place -= part.count();
    }
  }

  /** The file's packs one round after the other, each round in an order of its own. */
  private int pack(int part, long index) {
    int size = parts.get(part).packs.size();
    long round = index / size;
    return permuted(size, (int) (index % size), mixed(part + 1L, round));
  }

  private long mixed(long what, long round) {
    return Hashing.murmur3_128()
        .newHasher()
        .putLong(seed)
        .putLong(what)
        .putLong(round)
        .hash()
        .asLong();
  }

  /**
   * One place of a permutation, without making all of it: a Feistel network over the next larger
   * power of four, walked until it is within the size.
   */
  static int permuted(int size, int at, long seed) {
    int half = 1;
    while (1L << (2 * half) < size) {
      half++;
    }
    int mask = (1 << half) - 1;
    long place = at;
    do {
      long left = place >>> half;
      long right = place & mask;
      for (int round = 0; round < 4; round++) {
        long mixed =
            Hashing.murmur3_128()
                .newHasher()
                .putLong(seed)
                .putLong(round)
                .putLong(right)
                .hash()
                .asLong();
        long next = left ^ (mixed & mask);
        left = right;
        right = next;
      }
      place = left << half | right;
    } while (place >= size);
    return (int) place;
  }

  /** The packs of files in their own order, for evaluation. */
  static Packs inOrder(List<PackFile> files) {
    List<PackFile> all = new ArrayList<>(files);
    return index -> {
      long place = index;
      for (PackFile file : all) {
        if (place < file.size()) {
          return file.at((int) place);
        }
        place -= file.size();
      }
      throw new IndexOutOfBoundsException("pack " + index);
    };
  }
}
