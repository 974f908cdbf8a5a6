package io.github.alphaumi.core;

import org.jspecify.annotations.Nullable;

/**
 * One token that a model wrote. Immutable.
 *
 * @param id its number in the model's vocabulary
 * @param text the characters that it completed: none while a character is in parts, more than its
 *     own with the last of them, so that the texts of all tokens together are what was written
 * @param logProbability the natural logarithm of the probability that the model gave it, of its
 *     logits as they are, before constraint, penalty and temperature; null if it was not asked for
 */
public record TextToken(int id, String text, @Nullable Double logProbability) {}
