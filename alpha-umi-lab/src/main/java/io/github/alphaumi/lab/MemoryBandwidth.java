package io.github.alphaumi.lab;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** What memory gives to several threads that read it from end to end. */
final class MemoryBandwidth {
  private static final int INTS = 64 << 20;
  private static final int ROUNDS = 6;

  private MemoryBandwidth() {}

  /** Gigabytes a second, the best of several readings. */
  static double measure(int threads) throws InterruptedException {
    int[][] memory = new int[threads][];
    IntStream.range(0, threads).forEach(i -> memory[i] = filled(i));
    long best = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      best = Math.min(best, read(memory));
    }
    return 4.0 * INTS * threads / best;
  }

  private static int[] filled(int value) {
    int[] memory = new int[INTS];
    Arrays.fill(memory, value + 1);
    return memory;
  }

  private static long read(int[][] memory) throws InterruptedException {
    AtomicLong sum = new AtomicLong();
    Thread[] readers = new Thread[memory.length];
    long start = System.nanoTime();
    for (int i = 0; i < readers.length; i++) {
      int[] part = memory[i];
      readers[i] = new Thread(() -> sum.addAndGet(sum(part)), "bandwidth");
      readers[i].start();
    }
    for (Thread reader : readers) {
      reader.join();
    }
    long time = System.nanoTime() - start;
    if (sum.get() == 0) {
      throw new IllegalStateException("the memory was not read");
    }
    return time;
  }

  private static int sum(int[] values) {
    int sum = 0;
    for (int from = 0; from < values.length; from += 1 << 16) {
      sum += sum(values, from, Math.min(values.length, from + (1 << 16)));
    }
    return sum;
  }

  private static int sum(int[] values, int from, int to) {
    int sum = 0;
    for (int i = from; i < to; i++) {
      sum += values[i];
    }
    return sum;
  }
}
