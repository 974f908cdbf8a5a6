package io.github.alphaumi.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.alphaumi.core.Sampling;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which tokens are drawn, against the definitions written out over whole arrays. */
class SamplerTest {
  private static final int DRAWS = 4000;

  /** Logits whose probabilities are these. */
  private static float[] logits(double... probabilities) {
    float[] logits = new float[probabilities.length];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) Math.log(probabilities[i]) + 3;
    }
    return logits;
  }

  private static Map<Integer, Double> drawn(Sampling sampling, float[] logits, int... read) {
    Sampler sampler = new Sampler(sampling);
    sampler.read(read);
    Map<Integer, Double> shares = new HashMap<>();
    for (int i = 0; i < DRAWS; i++) {
      shares.merge(
          sampler.next(logits.clone(), null, Set.of(), List.of()), 1.0 / DRAWS, Double::sum);
    }
    return shares;
  }

  private static final Sampling ALL = Sampling.temperature(1, 11);

  @Test
  void should_draw_tokens_as_often_as_they_are_probable() {
    Map<Integer, Double> shares = drawn(ALL, logits(0.5, 0.3, 0.15, 0.05));
    assertThat(shares.get(0)).isCloseTo(0.5, within(0.03));
    assertThat(shares.get(1)).isCloseTo(0.3, within(0.03));
    assertThat(shares.get(2)).isCloseTo(0.15, within(0.03));
    assertThat(shares.get(3)).isCloseTo(0.05, within(0.03));
  }

  @Test
  void should_leave_out_what_is_far_less_probable_than_the_likeliest_token() {
    float[] logits = logits(0.5, 0.3, 0.15, 0.05);
    assertThat(drawn(ALL.withMinP(0.05), logits)).containsOnlyKeys(0, 1, 2, 3);
    assertThat(drawn(ALL.withMinP(0.2), logits)).containsOnlyKeys(0, 1, 2);
    assertThat(drawn(ALL.withMinP(0.5), logits)).containsOnlyKeys(0, 1);
    assertThat(drawn(ALL.withMinP(1), logits)).containsOnlyKeys(0);
  }

  @Test
  void should_apply_min_p_after_the_temperature() {
    // At temperature 2 the proportion 0.15 / 0.5 becomes its square root, 0.55.
    float[] logits = logits(0.5, 0.3, 0.15, 0.05);
    assertThat(drawn(ALL.withMinP(0.5), logits)).containsOnlyKeys(0, 1);
    assertThat(drawn(ALL.withMinP(0.5).withTemperature(2), logits)).containsOnlyKeys(0, 1, 2);
  }

  @Test
  void should_apply_top_p_to_what_top_k_has_left() {
    float[] logits = logits(0.4, 0.3, 0.2, 0.1);
    assertThat(drawn(ALL.withTopP(0.65), logits)).containsOnlyKeys(0, 1);
    // Of the two that are left the first alone has 0.57.
    assertThat(drawn(ALL.withTopP(0.55).withTopK(2), logits)).containsOnlyKeys(0);
    assertThat(drawn(ALL.withTopP(0.55), logits)).containsOnlyKeys(0, 1);
  }

  @Test
  void should_make_what_was_read_less_likely_once_however_often_it_came() {
    float[] logits = {2, 1.9f, -1, -1.1f};
    Sampling penalty = Sampling.greedy().withRepetitionPenalty(1.2);
    assertThat(drawn(penalty, logits)).containsOnlyKeys(0);
    assertThat(drawn(penalty, logits, 0, 0, 0)).containsOnlyKeys(1);
    // 2 / 1.2 and 1.9 / 1.2: both were read, and the first is ahead again.
    assertThat(drawn(penalty, logits, 0, 1)).containsOnlyKeys(0);
    assertThat(drawn(penalty, new float[] {-1, -1.1f}, 0)).containsOnlyKeys(1);
    Sampling reward = Sampling.greedy().withRepetitionPenalty(0.5);
    assertThat(drawn(reward, logits, 1)).containsOnlyKeys(1);
  }

  @Test
  void should_keep_the_tokens_that_definitions_over_whole_arrays_keep() {
    for (int seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      float[] logits = new float[40];
      for (int i = 0; i < logits.length; i++) {
        logits[i] = (float) (random.nextGaussian() * 2);
      }
      Sampling sampling =
          Sampling.temperature(0.5 + random.nextDouble(), seed)
              .withTopK(random.nextInt(12))
              .withTopP(0.5 + random.nextDouble() / 2)
              .withMinP(random.nextDouble() / 5);
      Set<Integer> kept = kept(sampling, logits);
      assertThat(kept).as("seed %d", seed).containsAll(drawn(sampling, logits).keySet());
      // The least likely of them is drawn, too, if it is not too rare.
      double least = share(sampling, logits, kept);
      if (least > 0.005) {
        assertThat(drawn(sampling, logits).keySet()).as("seed %d", seed).isEqualTo(kept);
      }
    }
  }

  /** Tokens that are left, by sorting and summing at every step. */
  private static Set<Integer> kept(Sampling sampling, float[] logits) {
    int[] order =
        IntStream.range(0, logits.length)
            .boxed()
            .sorted((a, b) -> Float.compare(logits[b], logits[a]))
            .mapToInt(Integer::intValue)
            .toArray();
    int count = sampling.topK() == 0 ? order.length : Math.min(sampling.topK(), order.length);
    double[] weights = weights(sampling, logits);
    double sum = Arrays.stream(order, 0, count).mapToDouble(i -> weights[i]).sum();
    double reached = 0;
    int nucleus = 0;
    while (nucleus < count && reached < sampling.topP()) {
      reached += weights[order[nucleus++]] / sum;
    }
    Set<Integer> kept = new TreeSet<>();
    for (int i = 0; i < nucleus; i++) {
      if (weights[order[i]] >= sampling.minP() * weights[order[0]]) {
        kept.add(order[i]);
      }
    }
    return kept;
  }

  private static double share(Sampling sampling, float[] logits, Set<Integer> kept) {
    double[] weights = weights(sampling, logits);
    double sum = kept.stream().mapToDouble(i -> weights[i]).sum();
    return kept.stream().mapToDouble(i -> weights[i] / sum).min().orElseThrow();
  }

  private static double[] weights(Sampling sampling, float[] logits) {
    double[] weights = new double[logits.length];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = Math.exp(logits[i] / sampling.temperature());
    }
    return weights;
  }

  @Test
  void should_leave_the_logits_of_allowed_tokens_only() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      long[] words = new long[random.nextInt(8)];
      for (int i = 0; i < words.length; i++) {
        words[i] = List.of(0L, -1L, random.nextLong(), 1L << random.nextInt(64)).get(seed % 4);
        words[i] = random.nextInt(3) == 0 ? 0 : words[i];
      }
      TokenMask mask = new TokenMask(words);
      float[] logits = new float[random.nextInt(500)];
      Arrays.fill(logits, 1);
      mask.apply(logits);
      for (int i = 0; i < logits.length; i++) {
        assertThat(logits[i])
            .as("seed %d, token %d", seed, i)
            .isEqualTo(mask.allows(i) ? 1 : Float.NEGATIVE_INFINITY);
      }
    }
  }

  @Test
  void should_select_the_same_from_a_large_vocabulary_by_insertion_and_by_sorting() {
    Random random = new Random(3);
    float[] logits = new float[5000];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = random.nextInt(2000) / 500f - 2;
    }
    for (int k : new int[] {1, 7, 1000, 1500, 4999, 5000, 6000}) {
      Sampling sampling = Sampling.temperature(50, 1).withTopK(k);
      float[] sorted = logits.clone();
      Arrays.sort(sorted);
      float least = sorted[Math.max(0, sorted.length - k)];
      Set<Integer> drawn = drawn(sampling, logits).keySet();
      assertThat(drawn).as("top %d", k).allMatch(id -> logits[id] >= least);
      assertThat(drawn).hasSizeGreaterThan(Math.min(k, DRAWS) / 3);
    }
  }
}
