package io.github.alphaumi.onnx;

import io.github.alphaumi.core.TextRequest.Detail;
import io.github.alphaumi.core.TextToken;
import java.util.ArrayList;
import java.util.List;

/**
 * What a response says of its tokens. Keeps nothing where only the text is wanted. Not thread-safe.
 */
final class TokenLog {
  private final Detail detail;
  private final List<TextToken> tokens = new ArrayList<>();
  private float[] logits = {};

  TokenLog(Detail detail) {
    this.detail = detail;
  }

  /** Whether tokens are noted at all. */
  boolean isKept() {
    return detail != Detail.TEXT;
  }

  /** Whether the logits before each token have to be shown. */
  boolean isScored() {
    return detail == Detail.LOG_PROBABILITIES;
  }

  /** Shows the logits that the next token comes from, as the model gave them. */
  void show(float[] next) {
    if (isScored()) {
      logits = next.clone();
    }
  }

  /** Notes the next token and the characters that it completed. */
  void add(int id, String text) {
    if (isKept()) {
      tokens.add(new TextToken(id, text, isScored() ? LogProbability.of(logits, id) : null));
    }
  }

  /** Text that was held back until the end: the last token's. */
  void end(String rest) {
    if (!rest.isEmpty() && !tokens.isEmpty()) {
      TextToken last = tokens.remove(tokens.size() - 1);
      tokens.add(new TextToken(last.id(), last.text() + rest, last.logProbability()));
    }
  }

  List<TextToken> tokens() {
    return tokens;
  }
}
