package io.github.alphaumi.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.onnx.OnnxGraph.ElementType;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Choosing a device, and what runs on a GPU as far as a CPU can run it: memory that the session
 * gives, through ONNX Runtime's C interface, and graphs that compute in 16-bit floats.
 */
class DeviceTest {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceTest.class);

  /** Of a half's eleven bits the layers leave about eight. */
  static final double HALVES_TOLERANCE = 0.01;

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"auto, auto", "CPU, cpu", "cuda, cuda:0", "cuda:3, cuda:3"})
  void should_read_the_names_it_writes(String name, String written) {
    assertThat(Device.parse(name)).hasToString(written);
    assertThat(Device.parse(written)).isEqualTo(Device.parse(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpu", "", "cuda:", "cuda:-1", "cuda:x", "cuda:12345"})
  void should_say_which_names_there_are(String name) {
    assertThatThrownBy(() -> Device.parse(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("device: '" + name + "' is none of auto, cpu, cuda and cuda:N");
    assertThatThrownBy(() -> Device.cuda(-1)).hasMessage("ordinal: -1 is less than 0");
  }

  @Test
  void should_take_the_cpu_where_nothing_of_cuda_is_and_say_so_in_a_line() {
    assumeTrue(Cuda.missing(0) != null, "skipped: there is a GPU");
    withProperty(
        null,
        () -> {
          Device device = Device.auto().resolve(WeightFormat.INT8);
          assertThat(device).isEqualTo(Device.cpu());
          assertThat(device.explanation())
              .isEqualTo("cpu: " + Cuda.missing(0))
              .doesNotContain("\n");
        });
  }

  @Test
  void should_take_what_the_system_property_names() {
    new TinyModel().write(folder);
    OnnxModel.Builder builder = OnnxModel.builder(folder).cacheDirectory(folder.resolve("cache"));
    withProperty(
        "cpu",
        () -> {
          try (OnnxModel model = builder.build()) {
            assertThat(model.device().explanation())
                .isEqualTo("cpu: asked for by -Dalpha.umi.device=cpu");
          }
        });
    withProperty(
        "gpu",
        () ->
            assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                    "system property alpha.umi.device: device: 'gpu' is none of auto, cpu, cuda and"
                        + " cuda:N"));
  }

  private static void withProperty(@Nullable String value, Runnable test) {
    String before = System.getProperty(Device.PROPERTY);
    try {
      if (value == null) {
        System.clearProperty(Device.PROPERTY);
      } else {
        System.setProperty(Device.PROPERTY, value);
      }
      test.run();
    } finally {
      if (before == null) {
        System.clearProperty(Device.PROPERTY);
      } else {
        System.setProperty(Device.PROPERTY, before);
      }
    }
  }

  @Test
  void should_compute_a_step_where_the_device_is_without_copies() throws Exception {
    StepProfile profile = StepProfile.of(new TinyModel(), folder, Device.cpu());
    assertThat(profile.providers("GroupQueryAttention")).containsOnly("CPUExecutionProvider");
    assertThat(profile.operators()).doesNotContain("MemcpyToHost", "MemcpyFromHost");
  }

  @ParameterizedTest
  @ValueSource(strings = {"adapter_a", "adapter_rslora"})
  void should_give_nearly_the_logits_of_an_adapter_in_halves(String adapter) throws IOException {
    Path fixtures = Shared.path("fixtures/engine");
    Path lora = fixtures.resolve("llama_lora").resolve(adapter);
    try (Engine engine =
        Engine.open(
            fixtures.resolve("llama"),
            WeightFormat.FP16,
            folder,
            Device.cpu(),
            ElementType.FLOAT16,
            DeviceMemory.Place.HOST,
            lora)) {
      assertThat(Parity.relativeDifference(engine, Parity.expected(lora.resolve("expected.json"))))
          .isPositive()
          .isLessThan(HALVES_TOLERANCE);
    }
  }

  @Test
  void should_say_what_is_missing_where_a_gpu_was_asked_for() {
    assumeTrue(Cuda.missing(0) != null, "skipped: there is a GPU");
    new TinyModel().write(folder);
    OnnxModel.Builder builder = OnnxModel.builder(folder).cacheDirectory(folder.resolve("cache"));
    assertThatThrownBy(() -> builder.device(Device.cuda(0)).build())
        .isInstanceOf(AlphaUmiException.class)
        .hasMessage(
            "device cuda:0 cannot be used: " + Cuda.missing(0) + "; or choose Device.cpu()");
    assertThatThrownBy(() -> builder.format(WeightFormat.FP32).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "device cuda:0: FP32 weights are for the CPU, attention on CUDA takes 16-bit floats;"
                + " choose FP16");
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama", "mistral", "qwen2", "qwen3_bf16", "phi3", "gemma3"})
  void should_give_the_logits_of_transformers_in_memory_of_the_session(String model)
      throws IOException {
    Path fixture = Shared.path("fixtures/engine").resolve(model);
    long open = Ort.open();
    try (Engine engine =
        Engine.open(
            fixture,
            WeightFormat.FP32,
            folder,
            Device.cpu(),
            ElementType.FLOAT,
            DeviceMemory.Place.HOST,
            null)) {
      double largest = Parity.check(engine, Parity.expected(fixture.resolve("expected.json")));
      LOG.info("{} in the session's memory: largest difference {}", model, largest);
    }
    assertThat(Ort.open()).as("open natives").isEqualTo(open);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llama",
        "llama_tied_rope3",
        "mistral",
        "qwen2",
        "qwen3_bf16",
        "phi3",
        "phi3_partial_rotary",
        "gemma3"
      })
  void should_give_nearly_the_logits_of_transformers_in_halves(String model) throws IOException {
    Path fixture = Shared.path("fixtures/engine").resolve(model);
    try (Engine engine =
        Engine.open(
            fixture,
            WeightFormat.FP16,
            folder,
            Device.cpu(),
            ElementType.FLOAT16,
            DeviceMemory.Place.HOST,
            null)) {
      double difference =
          Parity.relativeDifference(engine, Parity.expected(fixture.resolve("expected.json")));
      LOG.info("{} in halves: relative difference {}", model, difference);
      assertThat(difference).isPositive().isLessThan(HALVES_TOLERANCE);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = WeightFormat.class,
      names = {"INT8", "INT4"})
  void should_give_the_same_in_halves_as_in_floats_from_weights_of_few_bits(WeightFormat format) {
    new TinyModel().write(folder);
    int[] ids = {5, 9, 1, 77, 30, 2, 8, 41};
    try (Engine floats = Engine.open(folder, format, folder.resolve("cache"));
        Engine halves =
            Engine.open(
                folder,
                format,
                folder.resolve("cache"),
                Device.cpu(),
                ElementType.FLOAT16,
                DeviceMemory.Place.HOST,
                null)) {
      float[][] expected = floats.logits(ids);
      float[][] actual = halves.logits(ids);
      double squares = 0;
      double differences = 0;
      for (int i = 0; i < ids.length; i++) {
        for (int k = 0; k < expected[i].length; k++) {
          squares += expected[i][k] * expected[i][k];
          differences += Math.pow(expected[i][k] - actual[i][k], 2);
        }
      }
      LOG.info("{}: relative difference {}", format, Math.sqrt(differences / squares));
      // Floats have their activations rounded to 8 bits, halves have not.
      assertThat(Math.sqrt(differences / squares)).isPositive().isLessThan(0.05);
    }
  }

  @Test
  void should_refuse_weights_that_no_half_holds() {
    TinyModel tiny = new TinyModel();
    tiny.tensors.get("model.layers.0.mlp.up_proj.weight").values()[3] = 70_000;
    tiny.write(folder);
    assertThatThrownBy(
            () ->
                OnnxModel.builder(folder)
                    .format(WeightFormat.FP16)
                    .cacheDirectory(folder.resolve("cache"))
                    .build())
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("model.layers.0.mlp.up_proj.weight")
        .hasMessageContaining("has the value 70000.0, which no 16-bit float holds");
  }
}
