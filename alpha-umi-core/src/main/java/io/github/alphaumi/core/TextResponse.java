package io.github.alphaumi.core;

/**
 * A continuation. Immutable.
 *
 * @param text what was written, without the stop string
 * @param finish why it ended
 * @param use what it cost
 */
public record TextResponse(String text, Finish finish, ModelUse use) {

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
