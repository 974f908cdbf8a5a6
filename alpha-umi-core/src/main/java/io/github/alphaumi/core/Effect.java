package io.github.alphaumi.core;

/** What a call of a tool does to the world. */
public enum Effect {
  /** It only looks; made again it looks again. */
  READ_ONLY,
  /** It changes something; made twice it has changed no more than made once. */
  IDEMPOTENT,
  /** Each call changes something more: a payment, a message. */
  EFFECTFUL;

  /** Whether a call may be made again without harm when nobody knows whether it was made. */
  public boolean repeatable() {
    return this != EFFECTFUL;
  }
}
