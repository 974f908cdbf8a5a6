package io.github.alphaumi.onnx;

import io.github.alphaumi.core.Constraint;
import io.github.alphaumi.core.Prompt;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A model's side of text: its tokenizer, how prompts become ids, and what constraints allow. A
 * model may have come without a tokenizer; then it works in token ids only. Thread-safe until
 * closed.
 */
final class ModelText implements AutoCloseable {
  private final Path path;
  private final @Nullable Tokenizer tokenizer;
  private final @Nullable Constraints constraints;
  private final @Nullable TokenMask readable;
  private final boolean inTokens;

  private ModelText(Path path, @Nullable Tokenizer tokenizer, int vocabularySize) {
    this.path = path;
    this.tokenizer = tokenizer;
    constraints =
        tokenizer == null
            ? null
            : new Constraints(
                TokenTrie.of(vocabularySize, id -> tokenizer.has(id) ? tokenizer.bytes(id) : null));
    readable = tokenizer == null ? null : readable(tokenizer, vocabularySize);
    inTokens = false;
  }

  private ModelText(ModelText whole) {
    path = whole.path;
    tokenizer = whole.tokenizer;
    constraints = whole.constraints;
    readable = null;
    inTokens = true;
  }

  /** The same for a text that is first of all tokens, of which any may come. */
  ModelText inTokens() {
    return new ModelText(this);
  }

  /**
   * @throws ModelFileException if the checkpoint has a tokenizer that cannot be read
   */
  static ModelText load(Checkpoint checkpoint) {
    Tokenizer tokenizer = checkpoint.tokenizer().orElse(null);
    try {
      return new ModelText(checkpoint.path(), tokenizer, checkpoint.config().vocabularySize());
    } catch (RuntimeException | Error e) {
      if (tokenizer != null) {
        tokenizer.close();
      }
      throw e;
    }
  }

  private static @Nullable TokenMask readable(Tokenizer tokenizer, int vocabularySize) {
    BitSet ids = new BitSet();
    for (int id = 0; id < vocabularySize; id++) {
      ids.set(id, tokenizer.has(id));
    }
    return ids.cardinality() == vocabularySize ? null : new TokenMask(ids.toLongArray());
  }

  /**
   * @throws ModelFileException if the model came without one
   */
  Tokenizer tokenizer() {
    if (tokenizer == null) {
      throw new ModelFileException(
          path, "has no tokenizer: add its tokenizer.json, or give prompts in token ids");
    }
    return tokenizer;
  }

  /** For a text that goes on; null without a tokenizer, where every text is empty. */
  @Nullable StreamDecoder decoder() {
    return tokenizer == null ? null : tokenizer.continuationDecoder();
  }

  /** Whether a text ends where this token comes, since it is no part of any text. */
  boolean isSpecial(int id) {
    return !inTokens && tokenizer != null && tokenizer.isSpecial(id);
  }

  /** Whether the id has characters: a model may have more rows than its tokenizer has tokens. */
  boolean has(int id) {
    return tokenizer != null && tokenizer.has(id);
  }

  /** A token's characters on their own, or the name of a control token; empty if it has none. */
  String textOf(int id) {
    if (tokenizer == null || !tokenizer.has(id)) {
      return "";
    }
    byte[] bytes = tokenizer.bytes(id);
    return bytes == null ? tokenizer.token(id) : new String(bytes, StandardCharsets.UTF_8);
  }

  /** A token's bytes in a text; null if it has none. */
  byte @Nullable [] bytesOf(int id) {
    return tokenizer == null || !tokenizer.has(id) ? null : tokenizer.bytes(id);
  }

  /** The ids that have a token; null if all have, as is common. */
  @Nullable TokenMask readable() {
    return readable;
  }

  /** A matcher at the beginning of a text; null where there is no constraint. */
  @Nullable ConstraintMatcher matcher(Constraint constraint) {
    return constraint instanceof Constraint.None ? null : constraints().matcher(constraint);
  }

  /** A matcher at the beginning of a text of this language. */
  ConstraintMatcher matcher(Constraints.Language language) {
    return constraints().matcher(language);
  }

  private Constraints constraints() {
    tokenizer();
    return Objects.requireNonNull(constraints);
  }

  /** As {@link Tokenizer#encode(Prompt)}; an empty prompt is refused. */
  int[] encode(Prompt prompt) {
    int[] ids = tokenizer().encode(prompt);
    if (ids.length == 0) {
      throw new IllegalArgumentException("prompt: empty, so that there is nothing to continue");
    }
    return ids;
  }

  @Override
  public void close() {
    if (tokenizer != null) {
      tokenizer.close();
    }
  }
}
