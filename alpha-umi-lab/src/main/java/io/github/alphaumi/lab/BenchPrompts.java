package io.github.alphaumi.lab;

import io.github.alphaumi.core.Prompt;
import io.github.alphaumi.core.TextModel;
import io.github.alphaumi.onnx.Tokenizer;
import java.util.Arrays;
import java.util.Random;

/**
 * Prompts of a wanted length that begin unlike each other, so that none finds another in a cache.
 * Not thread-safe.
 */
final class BenchPrompts {
  private static final String[] WORDS =
      ("order parcel garden river winter market letter engine window copper silver planet doctor"
              + " teacher museum bridge forest harbor kitchen library morning evening number colour"
              + " story answer question weather station account service history machine")
          .split(" ");

  private final Tokenizer tokenizer;
  private final Random random;

  BenchPrompts(Tokenizer tokenizer, long seed) {
    this.tokenizer = tokenizer;
    random = new Random(seed);
  }

  /** A text of about this many tokens. */
  Prompt prompt(int tokens) {
    StringBuilder text = new StringBuilder();
    text.append(random.nextInt(1_000_000)).append(':');
    for (int i = 0; i < tokens; i++) {
      text.append(' ').append(WORDS[random.nextInt(WORDS.length)]);
    }
    int[] ids = tokenizer.encode(text.toString());
    return Prompt.of(tokenizer.decode(Arrays.copyOf(ids, Math.min(tokens, ids.length))));
  }

  TextModel.Request request(int promptTokens, int tokens) {
    return TextModel.Request.builder(prompt(promptTokens)).maxTokens(tokens).build();
  }
}
