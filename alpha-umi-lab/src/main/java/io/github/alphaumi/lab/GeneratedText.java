package io.github.alphaumi.lab;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.alphaumi.core.TextModel;
import io.github.alphaumi.onnx.TokenScore;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How what a model wrote is printed. */
final class GeneratedText {
  private static final ObjectMapper JSON = new ObjectMapper();

  private GeneratedText() {}

  /** Token ids as the option takes them. */
  static String ids(TextModel.Response response) {
    return response.tokens().stream()
        .map(token -> Integer.toString(token.id()))
        .collect(Collectors.joining(","));
  }

  /**
   * A line for each token: id, log-probability and text as JSON, parted by tabs. Those that were
   * the likeliest in its place follow, each in a line like it behind one more tab.
   */
  static String lines(TextModel.Response response) {
    StringBuilder lines = new StringBuilder();
    for (TextModel.Token token : response.tokens()) {
      lines.append(line(token.id(), token.logProbability(), token.text()));
      for (TextModel.Token.Candidate other : token.likeliest()) {
        lines.append('\t').append(line(other.id(), other.logProbability(), other.text()));
      }
    }
    return lines.toString();
  }

  private static String line(int id, @Nullable Double logProbability, String text) {
    return String.format(
        Locale.ROOT, "%d\t%.6f\t%s%n", id, logProbability, JSON.getNodeFactory().textNode(text));
  }

  private static void addLikeliest(ObjectNode result, TextModel.Response response) {
    if (response.tokens().stream().allMatch(token -> token.likeliest().isEmpty())) {
      return;
    }
    ArrayNode places = result.putArray("top_logprobs");
    for (TextModel.Token token : response.tokens()) {
      ArrayNode place = places.addArray();
      for (TextModel.Token.Candidate other : token.likeliest()) {
        place
            .addObject()
            .put("id", other.id())
            .put("token", other.text())
            .put("logprob", other.logProbability());
      }
    }
  }

  /**
   * @param prompt its token ids
   * @param scores of the prompt's tokens but the first; null where no probabilities are wanted
   */
  static String json(int[] prompt, @Nullable List<TokenScore> scores, TextModel.Response response) {
    ObjectNode result = JSON.createObjectNode();
    ArrayNode promptIds = result.putArray("prompt_ids");
    for (int id : prompt) {
      promptIds.add(id);
    }
    if (scores != null) {
      ArrayNode probabilities = result.putArray("prompt_logprobs").addNull();
      scores.forEach(score -> probabilities.add(score.logProbability()));
    }
    ArrayNode ids = result.putArray("ids");
    ArrayNode tokens = result.putArray("tokens");
    for (TextModel.Token token : response.tokens()) {
      ids.add(token.id());
      tokens.add(token.text());
    }
    if (scores != null) {
      ArrayNode probabilities = result.putArray("logprobs");
      response.tokens().forEach(token -> probabilities.add(token.logProbability()));
      addLikeliest(result, response);
    }
    return result
        .put("text", response.text())
        .put("finish", response.finish().name().toLowerCase(Locale.ROOT))
        .put("input_tokens", response.use().inputTokens())
        .put("cached_tokens", response.use().cachedTokens())
        .put("output_tokens", response.use().outputTokens())
        .put("prefill_seconds", response.use().prefill().toNanos() / 1e9)
        .put("decode_seconds", response.use().decode().toNanos() / 1e9)
        .toString();
  }
}
