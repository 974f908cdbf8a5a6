package io.github.alphaumi.onnx;

import io.github.alphaumi.core.TextModel;
import io.github.alphaumi.core.TextModel.Detail;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/**
 * What a response says of its tokens. Keeps nothing where only the text is wanted. Not thread-safe.
 */
final class TokenLog {
  private final Detail detail;
  private final int likeliest;
  private final IntFunction<String> texts;
  private final List<TextModel.Token> tokens = new ArrayList<>();
  private float[] logits = {};

  /**
   * @param texts of a token its characters
   */
  TokenLog(TextModel.Request request, IntFunction<String> texts) {
    detail = request.detail();
    likeliest = request.likeliest();
    this.texts = texts;
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
    if (isScored()) {
      double logProbability = LogProbability.of(logits, id);
      tokens.add(new TextModel.Token(id, text, logProbability, candidates(id, logProbability)));
    } else if (isKept()) {
      tokens.add(new TextModel.Token(id, text, null, List.of()));
    }
  }

  /** What a logit has more than that of a token, its log-probability has more, too. */
  private List<TextModel.Token.Candidate> candidates(int id, double logProbability) {
    if (likeliest == 0) {
      return List.of();
    }
    return Arrays.stream(Likeliest.of(logits, likeliest))
        .mapToObj(
            other ->
                new TextModel.Token.Candidate(
                    other,
                    texts.apply(other),
                    logProbability + ((double) logits[other] - logits[id])))
        .toList();
  }

  /** Text that was held back until the end: the last token's. */
  void end(String rest) {
    if (!rest.isEmpty() && !tokens.isEmpty()) {
      TextModel.Token last = tokens.remove(tokens.size() - 1);
      tokens.add(
          new TextModel.Token(
              last.id(), last.text() + rest, last.logProbability(), last.likeliest()));
    }
  }

  List<TextModel.Token> tokens() {
    return tokens;
  }
}
