package io.github.alphaumi.lab.train;

import java.util.SortedMap;

/**
 * Counts on held-out packs by teacher forcing: a turn is exact when each of its tokens is the most
 * likely one behind the right tokens before it, that is when greedy decoding writes it.
 *
 * @param tokens how many tokens were trained on before
 * @param loss mean cross entropy of all target tokens, each of weight 1, nats
 * @param roles counts of a role's turns
 */
record Evaluation(long tokens, double loss, SortedMap<String, Counts> roles) {

  /**
   * @param turns how many there were
   * @param exact of which each token is right
   * @param decisive of which the deciding part is right
   */
  record Counts(int turns, int exact, int decisive) {
    Counts plus(Counts other) {
      return new Counts(turns + other.turns, exact + other.exact, decisive + other.decisive);
    }
  }
}
