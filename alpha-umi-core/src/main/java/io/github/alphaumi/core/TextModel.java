package io.github.alphaumi.core;

/**
 * A model that continues raw text, as tuned roles need it. Thread-safe.
 *
 * <p>A model that cannot enforce a {@link Constraint} may ignore it; the loop checks anyway.
 */
public interface TextModel {

  /**
   * Continues the prompt.
   *
   * @return the text and why it ended; a prompt that does not fit is a {@link
   *     TextResponse.Finish#CONTEXT_FULL}, not an exception
   * @throws AlphaUmiException if the model cannot work at all
   */
  TextResponse complete(TextRequest request);

  /** What it is called, for those who watch a run. */
  default ModelName modelName() {
    return ModelName.unknown();
  }

  /** Tokens that prompt and continuation may have together. */
  int contextWindow();

  /**
   * Tokens that this model reads a text as. An engine knows; without one it is an estimate from the
   * number of characters, rather too high than too low.
   */
  default int countTokens(String text) {
    return TokenEstimate.of(text);
  }
}
