package io.github.alphaumi.tools;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Names like a given one: by letters (a slip of the pen) and by words (another order, a word too
 * many), whichever is nearer.
 */
final class NearNames {
  /** From here on two names are taken to mean the same. */
  private static final double OBVIOUS = 0.7;

  private static final double NEAR = 0.5;

  private NearNames() {}

  /** At most that many names, the nearest first; if none is near, the least far ones. */
  static List<String> nearest(String name, Collection<String> names, int limit) {
    List<String> near = names.stream().filter(other -> likeness(name, other) >= NEAR).toList();
    return (near.isEmpty() ? names : near)
        .stream()
            .sorted(Comparator.comparingDouble(other -> -likeness(name, other)))
            .limit(limit)
            .toList();
  }

  /** Those names that the given one is obviously meant for. */
  static List<String> obvious(String name, Collection<String> names) {
    List<String> same = names.stream().filter(other -> plain(other).equals(plain(name))).toList();
    return same.isEmpty()
        ? names.stream().filter(other -> likeness(name, other) >= OBVIOUS).toList()
        : same;
  }

  /** From 0 to 1, which names have that differ in case and separators only. */
  private static double likeness(String one, String other) {
    String a = plain(one);
    String b = plain(other);
    int longer = Math.max(a.length(), b.length());
    double letters = longer == 0 ? 1 : 1 - (double) distance(a, b) / longer;
    return Math.max(letters, sharedWords(words(one), words(other)));
  }

  private static double sharedWords(Set<String> a, Set<String> b) {
    Set<String> shared = new HashSet<>(a);
    shared.retainAll(b);
    Set<String> all = new HashSet<>(a);
    all.addAll(b);
    return all.isEmpty() ? 0 : (double) shared.size() / all.size();
  }

  private static Set<String> words(String name) {
    String spaced = name.replaceAll("(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+", " ");
    return new HashSet<>(List.of(spaced.strip().toLowerCase(Locale.ROOT).split(" +")));
  }

  static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[\\s_.-]+", "");
  }

  /** Levenshtein's; names are cut so that no text of a model makes this slow. */
  private static int distance(String one, String other) {
    String a = one.substring(0, Math.min(one.length(), 100));
    String b = other.substring(0, Math.min(other.length(), 100));
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
