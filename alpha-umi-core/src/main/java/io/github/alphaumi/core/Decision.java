package io.github.alphaumi.core;

/**
 * What a planner decided, with the reason it wrote. Immutable.
 *
 * @see Planner
 */
public sealed interface Decision {

  /** The planner's text without the words that carry the decision; may be empty. */
  String rationale();

  /** A tool has to be called; the caller turns the rationale into the call. */
  record Call(String rationale) implements Decision {}

  /** Everything needed is known; the summarizer writes the answer. */
  record Conclude(String rationale) implements Decision {}

  /** The task cannot be done with these tools. */
  record GiveUp(String rationale) implements Decision {}
}
