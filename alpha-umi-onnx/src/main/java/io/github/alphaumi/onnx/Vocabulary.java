package io.github.alphaumi.onnx;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Tokens and their ids, those of the model and those added to it. Immutable. */
final class Vocabulary {

  private final @Nullable String[] tokens;
  private final Map<String, Integer> ids;
  private final BitSet special;

  private Vocabulary(@Nullable String[] tokens, Map<String, Integer> ids, BitSet special) {
    this.tokens = tokens;
    this.ids = ids;
    this.special = special;
  }

  /** The largest id plus one. */
  int size() {
    return tokens.length;
  }

  /** The same vocabulary with other texts for some ids; the former ones lead to the ids as well. */
  Vocabulary with(Map<Integer, String> texts) {
    if (texts.isEmpty()) {
      return this;
    }
    @Nullable String[] changed = tokens.clone();
    texts.forEach((id, text) -> changed[id] = text);
    return new Vocabulary(changed, ids, special);
  }

  OptionalInt id(String token) {
    Integer id = ids.get(token);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  boolean has(int id) {
    return id >= 0 && id < tokens.length && tokens[id] != null;
  }

  String token(int id) {
    String token = id >= 0 && id < tokens.length ? tokens[id] : null;
    if (token == null) {
      throw new IllegalArgumentException(
          "token id " + id + " is not in the vocabulary; ids are 0 to " + (tokens.length - 1));
    }
    return token;
  }

  boolean isSpecial(int id) {
    return special.get(id);
  }

  boolean hasSpecial(int[] candidates) {
    return Arrays.stream(candidates).anyMatch(special::get);
  }

  static final class Builder {

    private @Nullable String[] tokens = new @Nullable String[1024];
    private final Map<String, Integer> ids = new HashMap<>();
    private final BitSet special = new BitSet();
    private int size;

    /** Takes an added token; call after all tokens of the model, whose ids it may share. */
    void putAdded(int id, String token, boolean isSpecial) {
      put(id, token);
      if (isSpecial) {
        special.set(id);
      }
    }

    Vocabulary build() {
      return new Vocabulary(Arrays.copyOf(tokens, size), ids, special);
    }

    /** Takes a token of the model. */
    void put(int id, String token) {
      if (id >= tokens.length) {
        tokens = Arrays.copyOf(tokens, Math.max(id + 1, tokens.length * 2));
      }
      tokens[id] = token;
      ids.put(token, id);
      size = Math.max(size, id + 1);
    }
  }
}
