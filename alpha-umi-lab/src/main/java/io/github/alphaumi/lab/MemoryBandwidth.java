package io.github.alphaumi.lab;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

/**
 * What memory gives to several threads that read it from end to end. They compare arrays that are
 * equal: the JVM does that with the widest registers there are, and a sum it does not, which then
 * waits for its additions instead of for memory.
 */
final class MemoryBandwidth {
  private static final int INTS = 32 << 20;
  private static final int ROUNDS = 8;

  private MemoryBandwidth() {}

  /** Gigabytes a second, the best of several readings. */
  static double measure(int threads) throws InterruptedException {
    int[][] memory = new int[2 * threads][];
    IntStream.range(0, memory.length).forEach(i -> memory[i] = filled(i / 2 + 1));
    long best = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      best = Math.min(best, read(memory));
    }
    return 4.0 * INTS * memory.length / best;
  }

  private static int[] filled(int value) {
    int[] memory = new int[INTS];
    Arrays.fill(memory, value);
    return memory;
  }

  private static long read(int[][] memory) throws InterruptedException {
    AtomicBoolean differ = new AtomicBoolean();
    Thread[] readers = new Thread[memory.length / 2];
    long start = System.nanoTime();
    for (int i = 0; i < readers.length; i++) {
      int[] one = memory[2 * i];
      int[] other = memory[2 * i + 1];
      readers[i] =
          new Thread(
              () -> {
                if (Arrays.mismatch(one, other) >= 0) {
                  differ.set(true);
                }
              },
              "bandwidth");
      readers[i].start();
    }
    for (Thread reader : readers) {
      reader.join();
    }
    long time = System.nanoTime() - start;
    if (differ.get()) {
      throw new IllegalStateException("the memory does not hold what was written to it");
    }
    return time;
  }
}
