package io.github.alphaumi.lab;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.onnx.OnnxModel;
import io.github.alphaumi.onnx.TokenScore;
import io.github.alphaumi.onnx.WeightFormat;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * How probable a model holds a text. The text is cut into windows without overlap, and nothing is
 * added to it; in each window all tokens but the first are scored.
 */
@Command(
    name = "perplexity",
    mixinStandardHelpOptions = true,
    description = {
      "Print the mean negative log-likelihood of a text's tokens in nats, and its exponential.",
      "The text is scored in windows, in each of them all tokens but the first."
    })
final class ModelPerplexityCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private LoadOptions load;

  @Option(names = "--text", required = true, paramLabel = "FILE", description = "UTF-8 text.")
  private Path text;

  @Option(names = "--window", paramLabel = "N", description = "Tokens (${DEFAULT-VALUE}).")
  private int window = 512;

  @Option(
      names = "--compare",
      paramLabel = "FORMAT",
      description = "Score with these weights, too: ${COMPLETION-CANDIDATES}.")
  private @Nullable WeightFormat other;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  /**
   * @param tokens that were scored
   */
  private record Result(WeightFormat format, double nll, List<TokenScore> tokens, int windows) {}

  @Override
  public Integer call() {
    if (window < 2) {
      throw new ParameterException(
          spec.commandLine(), "--window: " + window + " is less than 2: nothing would be scored");
    }
    String content = ModelFile.text("--text", text);
    Result result = score(load.format(), content);
    Result compared = other == null ? null : score(other, content);
    if (json) {
      printJson(result, compared);
    } else {
      print(result, compared);
    }
    return 0;
  }

  private Result score(WeightFormat format, String content) {
    try (OnnxModel model = load.builder(format).contextWindow(window).slots(1).build()) {
      int[] ids = model.tokenizer().encode(content);
      List<TokenScore> tokens = new ArrayList<>();
      int windows = 0;
      for (int from = 0; from < ids.length; from += model.contextWindow()) {
        int to = Math.min(ids.length, from + model.contextWindow());
        tokens.addAll(model.score(Arrays.copyOfRange(ids, from, to), load.adapter()));
        windows++;
      }
      if (tokens.isEmpty()) {
        throw new AlphaUmiException("--text: " + text + " has fewer than two tokens to score");
      }
      double sum = tokens.stream().mapToDouble(TokenScore::logProbability).sum();
      return new Result(format, -sum / tokens.size(), tokens, windows);
    }
  }

  private static double agreement(Result a, Result b) {
    int same = 0;
    for (int i = 0; i < a.tokens().size(); i++) {
      same += a.tokens().get(i).likeliest() == b.tokens().get(i).likeliest() ? 1 : 0;
    }
    return (double) same / a.tokens().size();
  }

  private void print(Result result, @Nullable Result compared) {
    PrintWriter out = spec.commandLine().getOut();
    for (Result one : compared == null ? List.of(result) : List.of(result, compared)) {
      out.printf(
          Locale.ROOT,
          "%s: %.4f nats a token, perplexity %.3f; %,d tokens scored in %d windows of %d%n",
          name(one),
          one.nll(),
          Math.exp(one.nll()),
          one.tokens().size(),
          one.windows(),
          window);
    }
    if (compared != null) {
      out.printf(
          Locale.ROOT,
          "%s - %s: %+.4f nats; the likeliest token is the same at %.2f %% of the places%n",
          name(result),
          name(compared),
          result.nll() - compared.nll(),
          100 * agreement(result, compared));
    }
    out.flush();
  }

  private static String name(Result result) {
    return result.format().name().toLowerCase(Locale.ROOT);
  }

  private void printJson(Result result, @Nullable Result compared) {
    ObjectNode object =
        new ObjectMapper()
            .createObjectNode()
            .put("format", name(result))
            .put("nll", result.nll())
            .put("perplexity", Math.exp(result.nll()))
            .put("tokens", result.tokens().size())
            .put("windows", result.windows())
            .put("window", window);
    if (compared != null) {
      object
          .putObject("compared")
          .put("format", name(compared))
          .put("nll", compared.nll())
          .put("perplexity", Math.exp(compared.nll()))
          .put("difference", result.nll() - compared.nll())
          .put("agreement", agreement(result, compared));
    }
    spec.commandLine().getOut().println(object);
  }
}
