package io.github.alphaumi.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.alphaumi.onnx.OnnxGraph.ElementType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What formats cost a real model, SmolLM2-135M-Instruct: mean negative log-likelihood of a text in
 * windows of 512 tokens, compared with that in float32. Weight error would be the wrong judge: a
 * smaller one can go with a worse likelihood.
 *
 * <p>Limits for 4 bits are what the best of several quantisers in NumPy costs over the whole text
 * with the same size of blocks and products in float32; here activations are rounded, too. The
 * first windows alone vary more, so that their limit is half as much again; {@code
 * -Dalpha.umi.windows=17} runs the whole text.
 */
class QuantizedLikelihoodTest {
  private static final Logger LOG = LoggerFactory.getLogger(QuantizedLikelihoodTest.class);
  private static final int WINDOW = 512;

  @TempDir Path cache;

  @ParameterizedTest
  @CsvSource({"FP32, 32, 0.0001", "INT8, 32, 0.005", "INT4, 32, 0.1493", "INT4, 128, 0.2517"})
  void should_cost_no_more_likelihood_than_the_reference(
      WeightFormat format, int block, double limit) throws IOException {
    Path model = Shared.path("models/SmolLM2-135M-Instruct.Q4_1.gguf");
    Path fixture = Shared.path("fixtures/smollm2");
    JsonNode floats = Parity.expected(fixture.resolve("expected.json")).get("nll");
    try (Checkpoint checkpoint = Checkpoint.open(model);
        Tokenizer tokenizer = checkpoint.tokenizer().orElseThrow()) {
      int[] ids = tokenizer.encode(Files.readString(fixture.resolve("text.txt")));
      int all = (ids.length + WINDOW - 1) / WINDOW;
      int windows = Math.min(all, Integer.getInteger("alpha.umi.windows", 2));
      WeightLayout layout =
          new WeightLayout(checkpoint.config(), format, ElementType.FLOAT, matrix -> block);
      double sum = 0;
      double expected = 0;
      int scored = 0;
      try (Engine engine = Engine.open(checkpoint, layout, cache, false, null)) {
        for (int i = 0; i < windows; i++) {
          int[] window =
              Arrays.copyOfRange(ids, i * WINDOW, Math.min(ids.length, (i + 1) * WINDOW));
          sum += negativeLogLikelihood(engine, window);
          expected += floats.get("window_nll_sums").get(i).asDouble();
          scored += window.length - 1;
        }
      }
      double cost = (sum - expected) / scored;
      LOG.info(
          "{} block {}: mean NLL {} over {} tokens, {} more than float32; {} MB",
          format,
          block,
          sum / scored,
          scored,
          cost,
          layout.size() / 1_000_000);
      assertThat(cost).isLessThan(windows == all ? limit : 1.5 * limit);
    }
  }

  private static double negativeLogLikelihood(Engine engine, int[] window) {
    float[][] logits = engine.logits(window);
    double sum = 0;
    for (int i = 1; i < window.length; i++) {
      sum -= Parity.logProbability(logits[i - 1], window[i]);
    }
    return sum;
  }
}
