package io.github.alphaumi.core;

import java.time.Duration;

/**
 * What one model call cost. Immutable.
 *
 * @param inputTokens tokens of the prompt
 * @param cachedTokens how many of them were served from a cache
 * @param outputTokens tokens written
 * @param prefill time until the first token, zero where unknown
 * @param decode time for the tokens after it; the whole call where the model does not tell
 */
public record ModelUse(
    int inputTokens, int cachedTokens, int outputTokens, Duration prefill, Duration decode) {

  /** The whole call. */
  public Duration time() {
    return prefill.plus(decode);
  }
}
