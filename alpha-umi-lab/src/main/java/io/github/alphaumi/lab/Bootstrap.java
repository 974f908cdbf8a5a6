package io.github.alphaumi.lab;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Percentile bootstrap of a ratio. Tasks are drawn, not steps: the steps of one task share its
 * tools and its difficulty, and drawn one by one they would make intervals too narrow.
 */
final class Bootstrap {
  private static final double LOWER = 0.025;
  private static final double UPPER = 0.975;

  private final List<List<StepOutcome>> tasks;
  private final int resamples;
  private final long seed;

  Bootstrap(List<StepOutcome> outcomes, int resamples, long seed) {
    Map<String, List<StepOutcome>> byTask = new LinkedHashMap<>();
    for (StepOutcome outcome : outcomes) {
      byTask.computeIfAbsent(outcome.task(), task -> new ArrayList<>()).add(outcome);
    }
    this.tasks = List.copyOf(byTask.values());
    this.resamples = resamples;
    this.seed = seed;
  }

  /** The 95 % interval; empty if there is nothing to draw from. */
  List<Double> interval(Ratio ratio) {
    double[] sums = new double[tasks.size()];
    double[] counts = new double[tasks.size()];
    for (int i = 0; i < sums.length; i++) {
      for (StepOutcome outcome : tasks.get(i)) {
        if (ratio.about().test(outcome)) {
          sums[i] += ratio.value().applyAsDouble(outcome);
          counts[i]++;
        }
      }
    }
    SplittableRandom random = new SplittableRandom(seed);
    double[] drawn =
        IntStream.range(0, resamples)
            .mapToDouble(i -> draw(sums, counts, random))
            .filter(value -> !Double.isNaN(value))
            .toArray();
    if (drawn.length == 0) {
      return List.of();
    }
    Arrays.sort(drawn);
    return List.of(quantile(drawn, LOWER), quantile(drawn, UPPER));
  }

  private static double draw(double[] sums, double[] counts, SplittableRandom random) {
    double sum = 0;
    double count = 0;
    for (int i = 0; i < sums.length; i++) {
      int task = random.nextInt(sums.length);
      sum += sums[task];
      count += counts[task];
    }
    return sum / count;
  }

  private static double quantile(double[] sorted, double share) {
    return sorted[(int) Math.round(share * (sorted.length - 1))];
  }
}
