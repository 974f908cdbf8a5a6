package io.github.alphaumi.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tiny checkpoints with random weights against what transformers computes from them in float32. */
class EngineParityTest {
  private static final double TOLERANCE = 2e-4;

  @TempDir Path cache;

  @ParameterizedTest
  @CsvSource({
    "engine/llama, engine/llama/expected.json,",
    "engine/llama_tied_rope3, engine/llama_tied_rope3/expected.json,",
    "engine/llama_sharded_bf16, engine/llama_sharded_bf16/expected.json,",
    "engine/mistral, engine/mistral/expected.json,",
    "engine/qwen2, engine/qwen2/expected.json,",
    "engine/qwen3_bf16, engine/qwen3_bf16/expected.json,",
    "engine/phi3, engine/phi3/expected.json,",
    "engine/phi3_partial_rotary, engine/phi3_partial_rotary/expected.json,",
    "engine/gemma3, engine/gemma3/expected.json,",
    "gguf/llama/llama-f32.gguf, gguf/llama/llama-f32.expected.json,",
    "gguf/llama/llama-q8_0.gguf, gguf/llama/llama-q8_0.expected.json,",
    "gguf/llama/llama-mixed.gguf, gguf/llama/llama-mixed.expected.json,",
    "engine/llama, engine/llama_lora/adapter_a/expected.json, engine/llama_lora/adapter_a",
    "engine/llama, engine/llama_lora/adapter_b/expected.json, engine/llama_lora/adapter_b",
    "engine/llama, engine/llama_lora/adapter_rslora/expected.json, engine/llama_lora/adapter_rslora",
    "engine/llama, engine/llama/expected.json, none",
  })
  void should_give_the_logits_and_greedy_tokens_of_transformers(
      String model, String expectedFile, @Nullable String adapter) throws IOException {
    Path fixtures = Shared.folder("fixtures");
    JsonNode expected = new ObjectMapper().readTree(fixtures.resolve(expectedFile).toFile());
    try (Checkpoint checkpoint = Checkpoint.open(fixtures.resolve(model))) {
      WeightLayout layout = new WeightLayout(checkpoint.config(), WeightFormat.FP32);
      Path weights = WeightFile.of(checkpoint, layout, cache);
      byte[] graph =
          DecoderGraph.write(
              checkpoint, layout, weights.getFileName().toString(), 512, adapter != null);
      try (Decoder decoder = new Decoder(checkpoint.config(), graph, cache, 2)) {
        if (adapter == null || adapter.equals("none")) {
          check(decoder, checkpoint, null, expected);
        } else {
          try (LoraAdapter lora = LoraAdapter.load(fixtures.resolve(adapter), layout)) {
            check(decoder, checkpoint, lora, expected);
          }
        }
      }
    }
    assertThat(Ort.open()).as("open natives").isZero();
  }

  private static void check(
      Decoder decoder, Checkpoint checkpoint, @Nullable LoraAdapter lora, JsonNode expected) {
    var options = lora == null ? null : lora.runOptions();
    for (JsonNode example : expected.get("cases")) {
      int[] ids = ints(example.get("ids"));
      try (KvCache cache = new KvCache(checkpoint.config(), 512)) {
        float[][] all = decoder.runAll(ids, cache, options);
        for (int i = 1; i < ids.length; i++) {
          assertThat(logProbability(all[i - 1], ids[i]))
              .as("log-probability of token %d of %d", i, ids.length)
              .isCloseTo(example.get("token_logprobs").get(i).asDouble(), within(TOLERANCE));
        }
        float[] last = all[ids.length - 1];
        for (int i = 0; i < last.length; i++) {
          assertThat((double) last[i])
              .isCloseTo(example.get("last_logits").get(i).asDouble(), within(TOLERANCE));
        }
        int past = ids.length;
        int next = argmax(FloatBuffer.wrap(last));
        for (JsonNode token : example.get("greedy")) {
          assertThat(next).isEqualTo(token.asInt());
          next = argmax(decoder.run(new int[] {next}, past++, cache, options));
        }
        int half = ids.length / 2;
        int[] rest = java.util.Arrays.copyOfRange(ids, half, ids.length);
        FloatBuffer again = decoder.run(rest, half, cache, options);
        assertThat((double) again.get(7))
            .as("the second half run again on the first half's cache")
            .isCloseTo(example.get("last_logits").get(7).asDouble(), within(TOLERANCE));
      }
    }
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
