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
  private final int modelSize;

  private Vocabulary(Builder builder) {
    this.tokens = Arrays.copyOf(builder.tokens, builder.size);
    this.ids = builder.ids;
    this.special = builder.special;
    this.modelSize = builder.modelSize;
  }

  /** The largest id plus one. */
  int size() {
    return tokens.length;
  }

  /** How many tokens the model itself has, without those added to it. */
  int modelSize() {
    return modelSize;
  }

  OptionalInt id(String token) {
    Integer id = ids.get(token);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
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
    private int modelSize;

    /** Takes a token of the model. */
    void model(int id, String token) {
      put(id, token);
      modelSize = ids.size();
    }

    /** Takes an added token; call after all tokens of the model. */
    void added(int id, String token, boolean isSpecial) {
      put(id, token);
      if (isSpecial) {
        special.set(id);
      }
    }

    Vocabulary build() {
      return new Vocabulary(this);
    }

    private void put(int id, String token) {
      if (id >= tokens.length) {
        tokens = Arrays.copyOf(tokens, Math.max(id + 1, tokens.length * 2));
      }
      tokens[id] = token;
      ids.put(token, id);
      size = Math.max(size, id + 1);
    }
  }
}
