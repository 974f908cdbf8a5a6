package io.github.alphaumi.core;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A continuation. Immutable.
 *
 * @param text what was written, without the stop string
 * @param finish why it ended
 * @param use what it cost
 * @param tokens what was written, token by token, with those of a stop string and without an end
 *     token; empty unless the request's {@link TextRequest.Detail} wants them and the model has
 *     them. A constraint's ending that the vocabulary cannot spell is in the text only
 */
public record TextResponse(String text, Finish finish, ModelUse use, List<Token> tokens) {

  public TextResponse {
    tokens = List.copyOf(tokens);
  }

  /** Without tokens. */
  public TextResponse(String text, Finish finish, ModelUse use) {
    this(text, finish, use, List.of());
  }

  /** Why a text ended. */
  public enum Finish {
    /** The model ended it, a stop string came, or the constraint was fulfilled. */
    STOP,
    /** The number of tokens was used up. */
    LENGTH,
    /** Prompt and continuation reached the context window; the text may be empty. */
    CONTEXT_FULL,
    /** The request was cancelled; the text is what there was. */
    CANCELLED
  }

  /**
   * One token that a model wrote. Immutable.
   *
   * @param id its number in the model's vocabulary
   * @param text the characters that it completed: none while a character is in parts, more than its
   *     own with the last of them, so that the texts of all tokens together are what was written
   * @param logProbability the natural logarithm of the probability that the model gave it, of its
   *     logits as they are, before constraint, penalty and temperature; null if it was not asked
   *     for
   * @param likeliest the tokens that the model held the likeliest in its place, the likeliest
   *     first, it among them or not; as many as were asked for
   */
  public record Token(
      int id, String text, @Nullable Double logProbability, List<Candidate> likeliest) {

    public Token {
      likeliest = List.copyOf(likeliest);
    }

    /**
     * A token that could have come.
     *
     * @param text its characters on their own, U+FFFD for parts of one; the name of a control token
     * @param logProbability the natural logarithm of its probability, as that of the token that
     *     came
     */
    public record Candidate(int id, String text, double logProbability) {}
  }
}
