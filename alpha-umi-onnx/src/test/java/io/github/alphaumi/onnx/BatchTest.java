package io.github.alphaumi.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.alphaumi.onnx.OnnxGraph.ElementType;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens of several slots in one pass: the same to the last bit as in passes of their own. */
class BatchTest {
  private static final int SLOTS = 6;
  private static final int POSITIONS = 128;
  private static final int MOST_GUESSES = 4;

  @TempDir static Path folder;

  @BeforeAll
  static void write() {
    new TinyModel().write(folder.resolve("llama"));
  }

  /** A decoder and some slots with texts of different lengths. */
  static final class Texts implements AutoCloseable {
    final Random random = new Random(11);
    final Decoder decoder;
    final KvCache cache;
    final int[][] texts = new int[SLOTS][];
    final int vocabulary;

    Texts(Path model, WeightFormat format) {
      this(model, format, ElementType.FLOAT, Device.cpu(), null);
    }

    Texts(
        Path model,
        WeightFormat format,
        ElementType activations,
        Device device,
        DeviceMemory.@Nullable Place place) {
      try (Checkpoint checkpoint = Checkpoint.open(model)) {
        ModelConfig config = checkpoint.config();
        vocabulary = config.vocabularySize();
        WeightLayout layout = WeightLayout.of(checkpoint, format, activations, folder);
        WeightFolder weights = WeightFolder.of(checkpoint, layout, folder);
        byte[] graph = DecoderGraph.write(checkpoint, layout, weights, POSITIONS, false);
        decoder = new Decoder(config, graph, weights.path(), 2, SLOTS, MOST_GUESSES, device);
        cache =
            place == null
                ? decoder.newCache(SLOTS, POSITIONS)
                : decoder.newCache(SLOTS, POSITIONS, place);
      }
      for (int slot = 0; slot < SLOTS; slot++) {
        texts[slot] = random.ints(5 + 13 * slot, 0, vocabulary).toArray();
        decoder.run(texts[slot], 0, cache, slot, null);
      }
    }

    float[] alone(int slot, int token) {
      return copy(decoder.run(new int[] {token}, texts[slot].length, cache, slot, null), 0);
    }

    float[] copy(FloatBuffer logits, int row) {
      float[] copy = new float[vocabulary];
      logits.get(row * vocabulary, copy);
      return copy;
    }

    @Override
    public void close() {
      cache.close();
      decoder.close();
    }
  }

  @ParameterizedTest
  @EnumSource(WeightFormat.class)
  void should_give_each_slot_what_a_pass_of_its_own_gives(WeightFormat format) {
    check(folder.resolve("llama"), format);
  }

  @ParameterizedTest
  @ValueSource(strings = {"mistral", "qwen2", "qwen3_bf16", "phi3_partial_rotary", "gemma3"})
  void should_do_so_for_every_way_to_attend(String model) {
    check(Shared.path("fixtures/engine").resolve(model), WeightFormat.FP32);
  }

  @ParameterizedTest
  @EnumSource(
      value = ElementType.class,
      names = {"FLOAT", "FLOAT16"})
  void should_do_so_in_memory_of_the_session(ElementType activations) {
    long open = Ort.open();
    check(
        new Texts(
            folder.resolve("llama"),
            WeightFormat.INT4,
            activations,
            Device.cpu(),
            DeviceMemory.Place.HOST));
    assertThat(Ort.open()).as("open natives").isEqualTo(open);
  }

  private static void check(Path model, WeightFormat format) {
    check(new Texts(model, format));
  }

  private static void check(Texts opened) {
    try (Texts texts = opened) {
      int[] tokens = texts.random.ints(SLOTS, 0, texts.vocabulary).toArray();
      float[][] alone = new float[SLOTS][];
      for (int slot = 0; slot < SLOTS; slot++) {
        alone[slot] = texts.alone(slot, tokens[slot]);
      }
      for (int first = 0; first < SLOTS; first++) {
        for (int count = 1; first + count <= SLOTS; count++) {
          int[] ids = Arrays.copyOfRange(tokens, first, first + count);
          int[] pasts = new int[count];
          for (int i = 0; i < count; i++) {
            pasts[i] = texts.texts[first + i].length;
          }
          FloatBuffer logits = texts.decoder.runTokens(ids, pasts, count, texts.cache, first, null);
          for (int i = 0; i < count; i++) {
            assertThat(texts.copy(logits, i))
                .as("slot %d among %d", first + i, count)
                .isEqualTo(alone[first + i]);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(WeightFormat.class)
  void should_copy_a_beginning_with_its_last_bit(WeightFormat format) {
    checkCopy(new Texts(folder.resolve("llama"), format));
  }

  @Test
  void should_copy_so_in_memory_of_the_session() {
    checkCopy(
        new Texts(
            folder.resolve("llama"),
            WeightFormat.FP16,
            ElementType.FLOAT16,
            Device.cpu(),
            DeviceMemory.Place.HOST));
  }

  static void checkCopy(Texts opened) {
    try (Texts texts = opened) {
      int length = texts.texts[5].length;
      float[] expected = texts.alone(5, 7);
      texts.cache.copy(5, 0, 0, 20);
      texts.cache.copy(5, 0, 20, length);
      texts.texts[0] = texts.texts[5];
      assertThat(texts.alone(0, 7)).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @EnumSource(WeightFormat.class)
  void should_verify_tokens_with_the_logits_of_each(WeightFormat format) {
    try (Texts texts = new Texts(folder.resolve("llama"), format)) {
      int[] guesses = texts.random.ints(MOST_GUESSES + 1, 0, texts.vocabulary).toArray();
      int past = texts.texts[2].length;
      float[][] all = texts.decoder.runAll(guesses, past, texts.cache, 2, null);
      for (int count = 2; count <= guesses.length; count++) {
        FloatBuffer rows = texts.decoder.verify(guesses, count, past, texts.cache, 2, null);
        for (int i = 0; i < count; i++) {
          assertThat(texts.copy(rows, i)).isEqualTo(all[i]);
        }
      }
    }
  }
}
