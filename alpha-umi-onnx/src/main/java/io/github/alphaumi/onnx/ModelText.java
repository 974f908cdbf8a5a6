package io.github.alphaumi.onnx;

import io.github.alphaumi.core.Constraint;
import io.github.alphaumi.core.Prompt;
import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A model's side of text: its tokenizer, how prompts become ids, and what constraints allow.
 * Thread-safe until closed.
 */
final class ModelText implements AutoCloseable {
  private final Tokenizer tokenizer;
  private final Constraints constraints;
  private final @Nullable TokenMask readable;

  private ModelText(Tokenizer tokenizer, int vocabularySize) {
    this.tokenizer = tokenizer;
    constraints =
        new Constraints(
            TokenTrie.of(vocabularySize, id -> tokenizer.has(id) ? tokenizer.bytes(id) : null));
    readable = readable(vocabularySize);
  }

  /**
   * @throws ModelFileException if the checkpoint has no tokenizer, or none that can be read
   */
  static ModelText load(Checkpoint checkpoint) {
    Tokenizer tokenizer =
        checkpoint
            .tokenizer()
            .orElseThrow(
                () ->
                    new ModelFileException(
                        checkpoint.path(), "has no tokenizer: add its tokenizer.json"));
    try {
      return new ModelText(tokenizer, checkpoint.config().vocabularySize());
    } catch (RuntimeException | Error e) {
      tokenizer.close();
      throw e;
    }
  }

  private @Nullable TokenMask readable(int vocabularySize) {
    BitSet ids = new BitSet();
    for (int id = 0; id < vocabularySize; id++) {
      ids.set(id, tokenizer.has(id));
    }
    return ids.cardinality() == vocabularySize ? null : new TokenMask(ids.toLongArray());
  }

  Tokenizer tokenizer() {
    return tokenizer;
  }

  /** The ids that have a token; null if all have, as is common. */
  @Nullable TokenMask readable() {
    return readable;
  }

  /** A matcher at the beginning of a text; null where there is no constraint. */
  @Nullable ConstraintMatcher matcher(Constraint constraint) {
    return constraints.matcher(constraint);
  }

  /** A matcher at the beginning of a text of this language. */
  ConstraintMatcher matcher(Constraints.Language language) {
    return constraints.matcher(language);
  }

  /**
   * The prompt as one text, as in training; but where a text of others holds what would be read as
   * a control token, part by part, with such tokens in it spelt out.
   */
  int[] encode(Prompt prompt) {
    int[] ids =
        isForged(prompt)
            ? IntStream.concat(
                    Arrays.stream(tokenizer.encodeWithSpecialTokens("")),
                    prompt.parts().stream().flatMapToInt(this::encode))
                .toArray()
            : tokenizer.encodeWithSpecialTokens(prompt.text());
    if (ids.length == 0) {
      throw new IllegalArgumentException("prompt: empty, so that there is nothing to continue");
    }
    return ids;
  }

  private IntStream encode(Prompt.Part part) {
    return Arrays.stream(
        part.control() ? tokenizer.encode(part.text()) : tokenizer.encodeOrdinary(part.text()));
  }

  /** Whether there are other control tokens than the template's own, be it across parts. */
  private boolean isForged(Prompt prompt) {
    int[] own =
        prompt.parts().stream()
            .filter(Prompt.Part::control)
            .flatMapToInt(this::encode)
            .filter(tokenizer::isSpecial)
            .toArray();
    int[] all =
        Arrays.stream(tokenizer.encode(prompt.text())).filter(tokenizer::isSpecial).toArray();
    return !Arrays.equals(own, all);
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
