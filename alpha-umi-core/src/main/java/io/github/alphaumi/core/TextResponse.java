package io.github.alphaumi.core;

import java.util.List;

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
public record TextResponse(String text, Finish finish, ModelUse use, List<TextToken> tokens) {

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
}
