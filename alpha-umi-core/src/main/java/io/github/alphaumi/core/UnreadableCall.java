package io.github.alphaumi.core;

/**
 * A caller's text that cannot be read as a call. It is never replayed into a prompt as one: the
 * history keeps the plan and an observation that says what is wrong.
 *
 * @param text what the caller wrote
 * @param problem what is wrong with it, in words that a model can act on
 */
public record UnreadableCall(String text, String problem) implements Caller.Turn {}
