package io.github.alphaumi.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.alphaumi.onnx.OnnxGraph.ElementType;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What only a GPU can show. Part of the profile {@code gpu}: {@code mvn -Pgpu -pl alpha-umi-onnx
 * -am test}. With {@code -Dalpha.umi.gpu=required} it fails where there is none.
 */
@EnabledIfSystemProperty(
    named = "alpha.umi.gpu",
    matches = "optional|required",
    disabledReason = "part of the profile gpu")
class GpuTest {
  private static final Logger LOG = LoggerFactory.getLogger(GpuTest.class);
  private static final int GENERATIONS = 1000;
  private static final int WARM_UP = 100;

  /** The driver and other processes take and give some. */
  private static final long FLAT = 32L << 20;

  @TempDir Path folder;

  @BeforeEach
  void needsOne() {
    String missing = Cuda.missing(0);
    if (System.getProperty("alpha.umi.gpu", "").equals("required")) {
      assertThat(missing).as("what the GPU that is required lacks").isNull();
    }
    assumeTrue(missing == null, () -> "skipped: " + missing);
  }

  private static CudaDriver.Gpu gpu() {
    return Objects.requireNonNull(CudaDriver.get()).gpu(0);
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
  void should_give_nearly_the_logits_of_transformers(String model) throws Exception {
    Path fixture = Shared.path("fixtures/engine").resolve(model);
    long open = Ort.open();
    try (Engine engine =
        Engine.open(
            fixture, WeightFormat.FP16, folder, Device.cuda(0), ElementType.FLOAT16, null, null)) {
      JsonNode expected = Parity.expected(fixture.resolve("expected.json"));
      double difference = Parity.relativeDifference(engine, expected);
      LOG.info("{}: relative difference {}", model, difference);
      assertThat(difference).isPositive().isLessThan(DeviceTest.HALVES_TOLERANCE);
      // A step after a prompt gives what the prompt with its token gives: the cache is in place.
      int[] ids = Parity.ints(expected.get("cases").get(0).get("ids"));
      float[] whole = engine.logits(ids)[ids.length - 1];
      try (KvCache cache = engine.newCache()) {
        engine.logits(Arrays.copyOf(ids, ids.length - 1), cache);
        FloatBuffer step = engine.next(new int[] {ids[ids.length - 1]}, ids.length - 1, cache);
        assertThat(Parity.argmax(step)).isEqualTo(Parity.argmax(FloatBuffer.wrap(whole)));
      }
    }
    assertThat(Ort.open()).as("open natives").isEqualTo(open);
  }

  @ParameterizedTest
  @ValueSource(strings = {"adapter_a", "adapter_rslora"})
  void should_give_nearly_the_logits_of_an_adapter(String adapter) throws Exception {
    Path fixtures = Shared.path("fixtures/engine");
    Path lora = fixtures.resolve("llama_lora").resolve(adapter);
    try (Engine engine =
        Engine.open(
            fixtures.resolve("llama"),
            WeightFormat.FP16,
            folder,
            Device.cuda(0),
            ElementType.FLOAT16,
            null,
            lora)) {
      assertThat(Parity.relativeDifference(engine, Parity.expected(lora.resolve("expected.json"))))
          .isPositive()
          .isLessThan(DeviceTest.HALVES_TOLERANCE);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = WeightFormat.class,
      names = {"INT8", "INT4"})
  void should_give_what_the_cpu_gives_from_weights_of_few_bits(WeightFormat format) {
    new TinyModel().write(folder);
    int[] ids = {5, 9, 1, 77, 30, 2, 8, 41};
    try (Engine gpu = open(format, Device.cuda(0), null);
        Engine cpu = open(format, Device.cpu(), DeviceMemory.Place.HOST)) {
      assertThat(gpu.logits(ids)).hasDimensions(ids.length, gpu.vocabularySize());
      double differences = 0;
      double squares = 0;
      float[][] expected = cpu.logits(ids);
      float[][] actual = gpu.logits(ids);
      for (int i = 0; i < ids.length; i++) {
        for (int k = 0; k < expected[i].length; k++) {
          differences += Math.pow(expected[i][k] - actual[i][k], 2);
          squares += expected[i][k] * expected[i][k];
        }
      }
      assertThat(Math.sqrt(differences / squares)).isLessThan(DeviceTest.HALVES_TOLERANCE);
    }
  }

  private Engine open(WeightFormat format, Device device, DeviceMemory.@Nullable Place place) {
    return Engine.open(
        folder, format, folder.resolve("cache"), device, ElementType.FLOAT16, place, null);
  }

  @Test
  void should_go_on_from_a_copied_beginning() {
    new TinyModel().write(folder);
    long open = Ort.open();
    try (BatchTest.Texts texts =
        new BatchTest.Texts(folder, WeightFormat.INT8, ElementType.FLOAT16, Device.cuda(0), null)) {
      BatchTest.checkCopy(texts);
    }
    assertThat(Ort.open()).as("open natives").isEqualTo(open);
  }

  @Test
  void should_run_every_heavy_operator_on_the_gpu_and_copy_nothing_between() throws Exception {
    StepProfile profile = StepProfile.of(new TinyModel(), folder, Device.cuda(0));
    for (String operator :
        new String[] {"GroupQueryAttention", "MatMulNBits", "GatherBlockQuantized"}) {
      assertThat(profile.providers(operator))
          .as(operator)
          .isNotEmpty()
          .containsOnly("CUDAExecutionProvider");
    }
    assertThat(profile.operators()).doesNotContain("MemcpyToHost", "MemcpyFromHost");
  }

  /** Keys and values that were copied for a pass would need as much memory again. */
  @Test
  void should_need_no_second_cache_for_a_pass() {
    new TinyModel().write(folder);
    int positions = 1 << 16;
    try (Engine engine = open(WeightFormat.INT8, Device.cuda(0), null)) {
      try (KvCache small = engine.newCache()) {
        engine.next(new int[] {1}, 0, small);
      }
      long before = gpu().free();
      try (KvCache large = engine.newCache(64, positions)) {
        long size = before - gpu().free();
        assertThat(size).isGreaterThan(64L << 20);
        long filled = gpu().free();
        for (int i = 0; i < 8; i++) {
          engine.next(new int[] {1}, i, large);
        }
        assertThat(filled - gpu().free()).as("taken by passes").isLessThan(size / 4);
      }
    }
  }

  @Test
  void should_take_no_more_memory_of_the_gpu_after_many_generations() {
    new TinyModel().write(folder);
    long open = OnnxModel.openNatives();
    try (OnnxModel model =
        OnnxModel.builder(folder)
            .cacheDirectory(folder.resolve("cache"))
            .device(Device.cuda(0))
            .build()) {
      long warm = 0;
      for (int i = 0; i < GENERATIONS; i++) {
        if (i == WARM_UP) {
          warm = gpu().free();
        }
        model.complete(TinyModels.drawn("Tools ".repeat(i % 20) + i, i, "run " + i % 5).build());
      }
      assertThat(warm - gpu().free()).as("taken by %d generations", GENERATIONS).isLessThan(FLAT);
    }
    assertThat(OnnxModel.openNatives()).isEqualTo(open);
  }
}
