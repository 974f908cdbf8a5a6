package io.github.alphaumi.lab.world;

import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Seeded choices. Of what is open without end (names, identifiers, texts), a sixth by its hash is
 * kept for testing: training never meets it.
 */
final class Draws {
  private static final int KEPT_ONE_IN = 6;
  private static final int TRIES = 500;
  private static final String LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ";
  private static final String SMALL = "abcdefghjkmnpqrstuvwxyz0123456789";
  private static final LocalDate FIRST_DAY = LocalDate.of(2026, 1, 1);
  private static final int DAYS = 900;

  private final Random random;
  private final Split split;
  private final ValueLists lists;
  private final LocalDate today;
  private boolean todayStated;

  Draws(String seed, Split split, ValueLists lists) {
    random = random(seed);
    this.split = split;
    this.lists = lists;
    today = FIRST_DAY.plusDays(random.nextInt(DAYS));
  }

  private Draws(String seed, Draws other) {
    random = random(seed);
    split = other.split;
    lists = other.lists;
    today = other.today;
  }

  private static Random random(String seed) {
    return new Random(Hashing.murmur3_128().hashString(seed, StandardCharsets.UTF_8).asLong());
  }

  /** Choices of another seed on the same day. */
  Draws reseeded(String seed) {
    return new Draws(seed, this);
  }

  /** Whether only tests may have it. */
  static boolean isKeptForTests(String value) {
    return Math.floorMod(
            Hashing.murmur3_32_fixed().hashString("kept " + value, StandardCharsets.UTF_8).asInt(),
            KEPT_ONE_IN)
        == 0;
  }

  Split split() {
    return split;
  }

  LocalDate today() {
    return today;
  }

  /** Whether the task says what day it is, so that "tomorrow" means a date. */
  boolean isTodayStated() {
    return todayStated;
  }

  void stateToday() {
    todayStated = true;
  }

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  /** Both ends included. */
  int between(int from, int to) {
    return from + random.nextInt(to - from + 1);
  }

  <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  <T> List<T> shuffled(List<T> list) {
    List<T> shuffled = new ArrayList<>(list);
    for (int i = shuffled.size() - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      T there = shuffled.get(j);
      shuffled.set(j, shuffled.get(i));
      shuffled.set(i, there);
    }
    return shuffled;
  }

  /** A line of a value file. */
  String line(String file) {
    return open(() -> pick(lists.of(file)));
  }

  List<String> lines(String file) {
    return lists.of(file);
  }

  String code(List<String> patterns) {
    return open(() -> filled(pick(patterns)));
  }

  /** One that this split may have; tests mostly have those that are kept for them. */
  String open(Supplier<String> source) {
    boolean kept = split == Split.HELD_OUT && chance(0.7);
    String value = source.get();
    for (int i = 0; i < TRIES; i++) {
      if (isKeptForTests(value) == kept) {
        return value;
      }
      value = source.get();
    }
    if (split == Split.HELD_OUT) {
      return value; // Tests may have what training has, too.
    }
    throw new IllegalStateException("no value like '" + value + "' is left to " + split);
  }

  /** The pattern with digits and letters in place of its signs. */
  String filled(String pattern) {
    StringBuilder code = new StringBuilder();
    for (char c : pattern.toCharArray()) {
      switch (c) {
        case '#' -> code.append((char) ('0' + below(10)));
        case '?' -> code.append(LETTERS.charAt(below(LETTERS.length())));
        case '*' -> code.append(SMALL.charAt(below(SMALL.length())));
        default -> code.append(c);
      }
    }
    return code.toString();
  }
}
