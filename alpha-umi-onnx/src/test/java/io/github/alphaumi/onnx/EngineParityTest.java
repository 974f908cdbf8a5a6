package io.github.alphaumi.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tiny checkpoints with random weights against what transformers computes from them in float32. */
class EngineParityTest {
  private static final Logger LOG = LoggerFactory.getLogger(EngineParityTest.class);
  private static final String[] FOLDERS = {
    "llama",
    "llama_tied_rope3",
    "llama_sharded_bf16",
    "mistral",
    "qwen2",
    "qwen3_bf16",
    "phi3",
    "phi3_partial_rotary",
    "gemma3"
  };

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
    Path fixtures = Shared.path("fixtures");
    try (Engine engine = open(fixtures, model, adapter)) {
      double largest = Parity.check(engine, Parity.expected(fixtures.resolve(expectedFile)));
      LOG.info("{} {}: largest difference {}", model, adapter, largest);
    }
    assertThat(Ort.open()).as("open natives").isZero();
  }

  private Engine open(Path fixtures, String model, @Nullable String adapter) {
    Path folder = fixtures.resolve(model);
    if (adapter == null) {
      return Engine.open(folder, WeightFormat.FP32, cache);
    }
    return Engine.withAdapter(
        folder,
        WeightFormat.FP32,
        cache,
        adapter.equals("none") ? null : fixtures.resolve(adapter));
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama", "llama_tied_rope3", "mistral", "qwen2", "phi3_partial_rotary"})
  void should_read_a_config_of_transformers_4(String model, @TempDir Path folder)
      throws IOException {
    Path fixture = Shared.path("fixtures").resolve("engine").resolve(model);
    Files.copy(fixture.resolve("config.v4.json"), folder.resolve("config.json"));
    Files.copy(fixture.resolve("model.safetensors"), folder.resolve("model.safetensors"));
    try (Engine engine = Engine.open(folder, WeightFormat.FP32, cache)) {
      double largest = Parity.check(engine, Parity.expected(fixture.resolve("expected.json")));
      LOG.info("{} config.v4.json: largest difference {}", model, largest);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = WeightFormat.class,
      names = {"INT8", "INT4"})
  void should_run_every_architecture_with_quantised_weights(WeightFormat format)
      throws IOException {
    Path fixtures = Shared.path("fixtures").resolve("engine");
    for (String model : FOLDERS) {
      try (Engine engine = Engine.open(fixtures.resolve(model), format, cache)) {
        double agreement =
            agreement(engine, Parity.expected(fixtures.resolve(model).resolve("expected.json")));
        LOG.info("{} {}: agreement of next tokens {}", model, format, agreement);
        // Chance is below one in three hundred.
        assertThat(agreement).as("%s %s", model, format).isGreaterThan(0.2);
      }
    }
  }

  /** The share of tokens that are chosen after the text which the float model wrote. */
  private static double agreement(Engine engine, JsonNode expected) {
    int same = 0;
    int all = 0;
    for (JsonNode example : expected.get("cases")) {
      int[] ids = Parity.ints(example.get("ids"));
      int[] greedy = Parity.ints(example.get("greedy"));
      int[] text = Arrays.copyOf(ids, ids.length + greedy.length);
      System.arraycopy(greedy, 0, text, ids.length, greedy.length);
      float[][] logits = engine.logits(text);
      for (int i = 0; i < greedy.length; i++) {
        all++;
        same += Parity.argmax(FloatBuffer.wrap(logits[ids.length + i - 1])) == greedy[i] ? 1 : 0;
      }
    }
    return (double) same / all;
  }
}
