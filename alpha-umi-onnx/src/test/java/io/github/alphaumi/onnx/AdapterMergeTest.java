package io.github.alphaumi.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A model with an adapter must be the model into whose weights the adapter was merged. */
class AdapterMergeTest {
  private static final long SEED = 7;
  private static final int RANK = 3;
  private static final int ALPHA = 6;
  private static final Offset<Float> TOLERANCE = within(2e-4f);
  private static final int[] TEXT = {5, 17, 200, 44, 9, 120, 3, 77, 250, 31, 8, 64};

  @TempDir Path folder;
  private Path merged;
  private Path adapter;
  private Path cache;

  @BeforeEach
  void createFolders() throws IOException {
    merged = Files.createDirectory(folder.resolve("merged"));
    adapter = Files.createDirectory(folder.resolve("adapter"));
    cache = Files.createDirectory(folder.resolve("cache"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"mistral", "qwen2", "qwen3_bf16", "phi3", "phi3_partial_rotary", "gemma3"})
  void should_give_the_logits_of_merged_weights(String fixture) throws IOException {
    Path model = Shared.path("fixtures").resolve("engine").resolve(fixture);
    writeAdapterAndMerged(model, true);
    float[][] expected = logits(merged, WeightFormat.FP32, null);
    float[][] actual = logits(model, WeightFormat.FP32, adapter);
    for (int i = 0; i < TEXT.length; i++) {
      assertThat(actual[i])
          .as("seed %d, token %d", SEED, i)
          .containsExactly(expected[i], TOLERANCE);
    }
  }

  @Test
  void should_refuse_an_adapter_of_which_one_factor_is_missing() throws IOException {
    Path model = Shared.path("fixtures").resolve("engine/phi3");
    writeAdapterAndMerged(model, false);
    assertThatThrownBy(() -> logits(model, WeightFormat.FP32, adapter))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("lora_B");
  }

  @ParameterizedTest
  @EnumSource(
      value = WeightFormat.class,
      names = {"INT8", "INT4"})
  void should_work_over_quantised_weights(WeightFormat format) throws IOException {
    Path model = Shared.path("fixtures").resolve("engine/phi3");
    writeAdapterAndMerged(model, true);
    float[][] with = logits(model, format, adapter);
    float[][] without = logits(model, format, null);
    float[][] expected = logits(merged, WeightFormat.FP32, null);
    assertThat(distance(with, expected)).isLessThan(0.7 * distance(without, expected));
  }

  private float[][] logits(Path model, WeightFormat format, @Nullable Path adapterFolder) {
    try (Engine engine = Engine.withAdapter(model, format, cache, adapterFolder)) {
      return engine.logits(TEXT);
    }
  }

  private static double distance(float[][] a, float[][] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < a[i].length; j++) {
        sum += (a[i][j] - b[i][j]) * (a[i][j] - b[i][j]);
      }
    }
    return Math.sqrt(sum);
  }

  private void writeAdapterAndMerged(Path model, boolean complete) throws IOException {
    Random random = new Random(SEED);
    SafetensorsWriter factors = new SafetensorsWriter();
    SafetensorsWriter weights = new SafetensorsWriter();
    try (SafetensorsFiles tensors = SafetensorsFiles.open(model)) {
      for (String name : tensors.names()) {
        TensorData tensor = tensors.tensor(name);
        float[] values = new float[(int) tensor.elements()];
        tensor.readFloats(0, values, 0, values.length);
        if (name.endsWith("_proj.weight")) {
          int out = (int) tensor.shape()[0];
          int in = (int) tensor.shape()[1];
          float[] a = gaussian(random, RANK * in);
          float[] b = gaussian(random, out * RANK);
          String module = "base_model.model." + name.replaceFirst("\\.weight$", "");
          write(factors, module + ".lora_A.weight", a, RANK, in);
          if (complete) {
            write(factors, module + ".lora_B.weight", b, out, RANK);
          }
          merge(values, a, b, out, in);
        }
        write(weights, name, values, tensor.shape());
      }
    }
    Files.write(adapter.resolve("adapter_model.safetensors"), factors.bytes());
    Files.writeString(
        adapter.resolve("adapter_config.json"),
        "{\"peft_type\":\"LORA\",\"r\":%d,\"lora_alpha\":%d}".formatted(RANK, ALPHA));
    Files.write(merged.resolve("model.safetensors"), weights.bytes());
    Files.copy(model.resolve("config.json"), merged.resolve("config.json"));
  }

  private static void merge(float[] values, float[] a, float[] b, int out, int in) {
    for (int i = 0; i < out; i++) {
      for (int j = 0; j < in; j++) {
        double sum = 0;
        for (int r = 0; r < RANK; r++) {
          sum += b[i * RANK + r] * a[r * in + j];
        }
        values[i * in + j] += (float) (sum * ALPHA / RANK);
      }
    }
  }

  private static float[] gaussian(Random random, int size) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) (0.2 * random.nextGaussian());
    }
    return values;
  }

  private static void write(SafetensorsWriter out, String name, float[] values, long... shape) {
    ByteWriter bytes = new ByteWriter();
    for (float value : values) {
      bytes.f32(value);
    }
    out.tensor(name, "F32", Arrays.toString(shape).replace(" ", ""), bytes.bytes());
  }
}
