package io.github.alphaumi.core;

/** What a call of a tool does to the world, and so whether it may be made again. */
public enum Effect {
  /** Nothing: it only reads. */
  READ_ONLY,
  /** Something that a second, equal call does not do again. */
  IDEMPOTENT,
  /** Something that every call does again, such as sending a message. */
  EFFECTFUL;

  /** Whether an equal call may be made again without harm. */
  public boolean repeatable() {
    return this != EFFECTFUL;
  }
}
