package io.github.alphaumi.core;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One token that a model wrote. Immutable.
 *
 * @param id its number in the model's vocabulary
 * @param text the characters that it completed: none while a character is in parts, more than its
 *     own with the last of them, so that the texts of all tokens together are what was written
 * @param logProbability the natural logarithm of the probability that the model gave it, of its
 *     logits as they are, before constraint, penalty and temperature; null if it was not asked for
 * @param likeliest the tokens that the model held the likeliest in its place, the likeliest first,
 *     it among them or not; as many as were asked for
 */
public record TextToken(
    int id, String text, @Nullable Double logProbability, List<Candidate> likeliest) {

  public TextToken {
    likeliest = List.copyOf(likeliest);
  }

  /**
   * A token that could have come.
   *
   * @param text its characters on their own, U+FFFD for parts of one; the name of a control token
   * @param logProbability the natural logarithm of its probability, as that of the token that came
   */
  public record Candidate(int id, String text, double logProbability) {}
}
