package io.github.alphaumi.onnx;

import java.nio.charset.StandardCharsets;

/**
 * One text in the making that is held to a language. Not thread-safe; forks are independent.
 *
 * <p>A state can be alive and its mask empty only if the vocabulary lacks the bytes that would have
 * to come; {@link #forced()} and {@link #shortestCompletion()} still give them.
 */
final class ConstraintMatcher {
  private final MaskCache masks;
  private Expression state;
  private int bytes;

  ConstraintMatcher(Expression root, TokenTrie trie) {
    this(root, new MaskCache(trie));
  }

  /** With the masks that other runs of the same grammar have computed. */
  ConstraintMatcher(Expression root, MaskCache masks) {
    if (root.isDead()) {
      throw new IllegalArgumentException("the constraint allows no text at all");
    }
    this.state = root;
    this.masks = masks;
  }

  /** The tokens that may come next. An end token is not among them; see {@link #canEnd()}. */
  TokenMask mask() {
    return masks.mask(state);
  }

  /**
   * @throws IllegalArgumentException if the token cannot come here; the matcher is as it was
   */
  void accept(int token) {
    byte[] text = masks.trie().bytes(token);
    if (text.length == 0) {
      throw new IllegalArgumentException("token " + token + " has no text");
    }
    accept(text);
  }

  /**
   * Goes on by bytes, as after jump-forward.
   *
   * @throws IllegalArgumentException if they cannot come here; the matcher is as it was
   */
  void accept(byte[] text) {
    Expression next = state.next(text);
    if (next.isDead()) {
      throw new IllegalArgumentException(
          "'"
              + new String(text, StandardCharsets.UTF_8)
              + "' cannot follow the "
              + bytes
              + " bytes so far");
    }
    state = next;
    bytes += text.length;
  }

  /** Whether the text is complete as it is. */
  boolean canEnd() {
    return state.accepting();
  }

  /** Whether it is complete and nothing may follow. */
  boolean mustEnd() {
    return state.mustEnd();
  }

  /** See {@link Expression#forced()}. */
  byte[] forced() {
    return state.forced();
  }

  /** See {@link Expression#shortestCompletion()}. */
  byte[] shortestCompletion() {
    return state.shortestCompletion();
  }

  /** See {@link TokenTrie#spell}. */
  int[] spell(byte[] text) {
    return masks.trie().spell(text);
  }

  Expression state() {
    return state;
  }

  /** How many bytes have been accepted. */
  int generatedBytes() {
    return bytes;
  }

  ConstraintMatcher fork() {
    ConstraintMatcher fork = new ConstraintMatcher(state, masks);
    fork.bytes = bytes;
    return fork;
  }
}
