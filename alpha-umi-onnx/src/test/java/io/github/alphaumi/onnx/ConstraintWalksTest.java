package io.github.alphaumi.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a model that knows nothing writes under a constraint is what the constraint allows, by the
 * word of judges that share no code with it: networknt's validator for JSON, Java's regular
 * expressions for patterns. {@code -Dalpha.umi.walks=1000000} walks more often than the build.
 */
class ConstraintWalksTest {
  private static final Logger LOG = LoggerFactory.getLogger(ConstraintWalksTest.class);
  private static final int WALKS = Integer.getInteger("alpha.umi.walks", 600);

  /** Many walks share the masks of a constraint, which over a real vocabulary are the work. */
  private static final int WALKS_PER_CONSTRAINT = WALKS > 100_000 ? 100 : 10;

  /** So many share a grammar and what it has learnt: strings are strings in all of them. */
  private static final int CONSTRAINTS_PER_GRAMMAR = 20;

  private static final long SEED = Long.getLong("alpha.umi.seed", 0);

  @Test
  void should_write_only_what_independent_judges_accept_over_a_real_vocabulary() {
    walk(Vocabularies.smolLm2(), WALKS);
  }

  /** Nearly all of a real vocabulary is whole words: here, texts are cut at every byte. */
  @Test
  void should_write_only_what_independent_judges_accept_over_a_vocabulary_of_pieces() {
    walk(Vocabularies.synthetic(1500, 7), Math.min(WALKS, 100_000));
  }

  private void walk(byte[][] tokens, int walks) {
    TokenTrie trie = Vocabularies.trie(tokens);
    ThreadLocal<RandomWalk> walkers =
        ThreadLocal.withInitial(() -> new RandomWalk(tokens, trie, RandomConstraint.ENDINGS));
    int constraints = walks / WALKS_PER_CONSTRAINT;
    int grammars = (constraints + CONSTRAINTS_PER_GRAMMAR - 1) / CONSTRAINTS_PER_GRAMMAR;
    Map<RandomConstraint.Kind, long[]> counts = new EnumMap<>(RandomConstraint.Kind.class);
    long undecidedBefore = RandomConstraint.undecided();
    long start = System.nanoTime();
    IntStream.range(0, grammars)
        .parallel()
        .forEach(
            i -> {
              int first = i * CONSTRAINTS_PER_GRAMMAR;
              int end = Math.min(constraints, first + CONSTRAINTS_PER_GRAMMAR);
              Map<RandomConstraint.Kind, long[]> added = walk(walkers.get(), trie, first, end);
              synchronized (counts) {
                added.forEach((kind, count) -> counts.merge(kind, count, ConstraintWalksTest::sum));
              }
            });
    long steps = counts.values().stream().mapToLong(count -> count[3]).sum();
    counts.forEach(
        (kind, count) -> {
          LOG.info(
              "{}: {} constraints, {} walks, {} of them cut; {} steps of {} microseconds",
              kind,
              count[0],
              count[1],
              count[2],
              count[3],
              count[4] / count[3] / 1000);
          assertThat(count[2]).as("%s: walks that the budget ended", kind).isLessThan(count[1]);
        });
    assertThat(counts).containsOnlyKeys(RandomConstraint.Kind.values());
    long undecided = RandomConstraint.undecided() - undecidedBefore;
    assertThat(undecided).as("texts that no judge could read").isLessThanOrEqualTo(walks / 1000);
    LOG.info(
        "{} tokens, {} walks, {} steps in {} s; {} texts were too much for Java's matcher",
        tokens.length,
        walks,
        steps,
        (System.nanoTime() - start) / 1_000_000_000,
        undecided);
  }

  private static long[] sum(long[] a, long[] b) {
    return IntStream.range(0, a.length).mapToLong(i -> a[i] + b[i]).toArray();
  }

  /** Under the constraints of these numbers, of one grammar. */
  private static Map<RandomConstraint.Kind, long[]> walk(
      RandomWalk walker, TokenTrie trie, int first, int end) {
    Map<RandomConstraint.Kind, long[]> counts = new EnumMap<>(RandomConstraint.Kind.class);
    Grammar grammar = new Grammar();
    MaskCache masks = new MaskCache(trie);
    for (int i = first; i < end; i++) {
      long seed = SEED + i;
      Random random = new Random(seed);
      RandomConstraint constraint = RandomConstraint.of(random, grammar);
      long[] count = counts.computeIfAbsent(constraint.kind(), kind -> new long[5]);
      count[0]++;
      long begin = System.nanoTime();
      long steps = walker.steps();
      for (int j = 0; j < WALKS_PER_CONSTRAINT; j++) {
        ConstraintMatcher matcher = new ConstraintMatcher(constraint.root(), masks);
        RandomWalk.Text text = walker.walk(matcher, random, random.nextInt(120));
        String about = "seed " + seed + ", walk " + j + ", " + constraint + ": " + text;
        assertThat(constraint.objections(text.text())).as(about).isEmpty();
        count[1]++;
        count[2] += text.cut() ? 1 : 0;
      }
      count[3] += walker.steps() - steps;
      count[4] += System.nanoTime() - begin;
    }
    return counts;
  }
}
