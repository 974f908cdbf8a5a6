package io.github.alphaumi.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;

/** Compares an engine with what transformers computed in float32, as an expected.json has it. */
final class Parity {
  private static final double TOLERANCE = 2e-4;

  private Parity() {}

  static JsonNode expected(Path file) throws IOException {
    return new ObjectMapper().readTree(file.toFile());
  }

  /**
   * @return the largest difference of logits and log-probabilities
   */
  static double check(Engine engine, JsonNode expected) {
    double largest = 0;
    for (JsonNode example : expected.get("cases")) {
      try (KvCache cache = engine.newCache()) {
        largest = Math.max(largest, checkPrompt(engine, cache, example));
        checkGreedy(engine, cache, example);
        checkSecondHalf(engine, cache, example);
      }
    }
    return largest;
  }

  /** How far the logits after prompts are off, relative to their own size: root mean squares. */
  static double relativeDifference(Engine engine, JsonNode expected) {
    double differences = 0;
    double squares = 0;
    for (JsonNode example : expected.get("cases")) {
      int[] ids = ints(example.get("ids"));
      float[] last = engine.logits(ids)[ids.length - 1];
      for (int i = 0; i < last.length; i++) {
        double truth = example.get("last_logits").get(i).asDouble();
        differences += Math.pow(last[i] - truth, 2);
        squares += truth * truth;
      }
    }
    return Math.sqrt(differences / squares);
  }

  private static double checkPrompt(Engine engine, KvCache cache, JsonNode example) {
    int[] ids = ints(example.get("ids"));
    float[][] logits = engine.logits(ids, cache);
    double largest = 0;
    for (int i = 1; i < ids.length; i++) {
      double expected = example.get("token_logprobs").get(i).asDouble();
      double actual = logProbability(logits[i - 1], ids[i]);
      assertThat(actual)
          .as("log-probability of token %d of %d", i, ids.length)
          .isCloseTo(expected, within(TOLERANCE));
      largest = Math.max(largest, Math.abs(actual - expected));
    }
    float[] last = logits[ids.length - 1];
    for (int i = 0; i < last.length; i++) {
      double expected = example.get("last_logits").get(i).asDouble();
      assertThat((double) last[i]).isCloseTo(expected, within(TOLERANCE));
      largest = Math.max(largest, Math.abs(last[i] - expected));
    }
    return largest;
  }

  private static void checkGreedy(Engine engine, KvCache cache, JsonNode example) {
    int[] ids = ints(example.get("ids"));
    int past = ids.length - 1;
    int token = ids[past];
    for (JsonNode expected : example.get("greedy")) {
      token = argmax(engine.next(new int[] {token}, past++, cache));
      assertThat(token).isEqualTo(expected.asInt());
    }
  }

  private static void checkSecondHalf(Engine engine, KvCache cache, JsonNode example) {
    int[] ids = ints(example.get("ids"));
    int half = ids.length / 2;
    FloatBuffer again = engine.next(Arrays.copyOfRange(ids, half, ids.length), half, cache);
    assertThat((double) again.get(7))
        .as("the second half run again on the first half's cache")
        .isCloseTo(example.get("last_logits").get(7).asDouble(), within(TOLERANCE));
  }

  static int[] ints(JsonNode array) {
    int[] values = new int[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).asInt();
    }
    return values;
  }

  static int argmax(FloatBuffer logits) {
    int best = 0;
    for (int i = 1; i < logits.capacity(); i++) {
      best = logits.get(i) > logits.get(best) ? i : best;
    }
    return best;
  }

  static double logProbability(float[] logits, int id) {
    double max = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      max = Math.max(max, logit);
    }
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - max);
    }
    return logits[id] - max - Math.log(sum);
  }
}
