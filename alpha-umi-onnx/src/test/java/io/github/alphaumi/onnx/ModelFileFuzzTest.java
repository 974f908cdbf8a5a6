package io.github.alphaumi.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Damaged files: whatever the damage, opening and reading either works or throws {@link
 * ModelFileException}, and allocates little.
 *
 * <p>{@code -Dalpha.umi.fuzz.rounds} and {@code -Dalpha.umi.fuzz.seed} search further.
 */
class ModelFileFuzzTest {

  private static final int ROUNDS = Integer.getInteger("alpha.umi.fuzz.rounds", 1_000);
  private static final long SEED = Long.getLong("alpha.umi.fuzz.seed", 20_240_601L);
  private static final long MAX_ALLOCATION = 2 << 20;
  private static final int MAX_ELEMENTS_READ = 1 << 16;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final long[] HOSTILE = {-1, Long.MAX_VALUE, 1L << 62, 1L << 31, 0xffff};

  enum Format {
    GGUF(GgufFile::open, gguf()),
    SAFETENSORS(SafetensorsFiles::open, safetensors());

    private final Function<Path, TensorSource> open;
    private final byte[] valid;

    Format(Function<Path, TensorSource> open, byte[] valid) {
      this.open = open;
      this.valid = valid;
    }
  }

  @TempDir Path folder;

  /** Loading classes allocates megabytes, which are not the file's doing. */
  @BeforeEach
  void load_classes() throws IOException {
    for (Format format : Format.values()) {
      use(format, format.valid);
    }
  }

  @ParameterizedTest
  @EnumSource
  void should_refuse_a_file_cut_off_at_any_length(Format format) throws IOException {
    for (int length = 0; length < format.valid.length; length++) {
      byte[] cut = Arrays.copyOf(format.valid, length);
      assertThatThrownBy(() -> use(format, cut))
          .as("%s cut off after %d bytes", format, length)
          .isInstanceOf(ModelFileException.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void should_survive_random_bytes_anywhere(Format format) {
    Random random = new Random(SEED);
    for (int round = 0; round < ROUNDS; round++) {
      byte[] damaged = format.valid.clone();
      for (int i = random.nextInt(6); i >= 0; i--) {
        int at = random.nextInt(damaged.length);
        damaged[at] =
            random.nextBoolean()
                ? (byte) random.nextInt(256)
                : (byte) (damaged[at] ^ 1 << random.nextInt(8));
      }
      survive(format, damaged, "seed " + SEED + ", round " + round);
    }
  }

  @ParameterizedTest
  @EnumSource
  void should_survive_hostile_counts_and_lengths_anywhere(Format format) {
    for (int at = 0; at + 8 <= format.valid.length; at++) {
      for (long value : HOSTILE) {
        byte[] damaged = format.valid.clone();
        System.arraycopy(new ByteWriter().u64(value).bytes(), 0, damaged, at, 8);
        survive(format, damaged, "value " + value + " at byte " + at);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void should_survive_parts_that_are_moved_repeated_or_left_out(Format format) {
    Random random = new Random(SEED);
    for (int round = 0; round < ROUNDS / 2; round++) {
      byte[] valid = format.valid;
      int from = random.nextInt(valid.length);
      int to = Math.min(valid.length, from + random.nextInt(64));
      int at = random.nextInt(valid.length);
      ByteWriter damaged = new ByteWriter();
      damaged.raw(Arrays.copyOf(valid, at));
      damaged.raw(Arrays.copyOfRange(valid, from, to));
      damaged.raw(
          Arrays.copyOfRange(valid, Math.min(valid.length, at + random.nextInt(64)), valid.length));
      survive(format, damaged.bytes(), "seed " + SEED + ", round " + round);
    }
  }

  private void survive(Format format, byte[] damaged, String how) {
    @Nullable ModelFileException refusal = null;
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try {
      use(format, damaged);
    } catch (ModelFileException e) {
      refusal = e;
    } catch (IOException | RuntimeException | Error e) {
      throw new AssertionError(format + ", " + how + ": " + e, e);
    }
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    assertThat(allocated).as("bytes allocated for %s, %s", format, how).isLessThan(MAX_ALLOCATION);
    if (refusal != null) {
      assertThat(refusal).as(how).hasMessageContaining(folder.toString());
    }
  }

  private void use(Format format, byte[] bytes) throws IOException {
    Path file = Files.write(folder.resolve("model"), bytes);
    try (TensorSource source = format.open.apply(file)) {
      for (String name : source.names()) {
        TensorData tensor = source.tensor(name);
        if (tensor.type().readable() && tensor.elements() <= MAX_ELEMENTS_READ) {
          int count = (int) tensor.elements();
          tensor.readFloats(0, new float[count], 0, count);
        }
        tensor.bytes(0, (int) tensor.byteLength());
      }
    }
  }

  private static byte[] gguf() {
    return new GgufWriter()
        .string("general.architecture", "llama")
        .pair("general.alignment", GgufWriter.UINT32, out -> out.u32(32))
        .pair("eps", GgufWriter.FLOAT64, out -> out.f64(1e-5))
        .pair("flag", GgufWriter.BOOL, out -> out.u8(1))
        .array("tokens", GgufWriter.STRING, 3, out -> out.string("a").string("é").string(""))
        .array("types", GgufWriter.INT32, 3, out -> out.u32(1).u32(1).u32(3))
        .array("nested", GgufWriter.ARRAY, 1, out -> out.u32(GgufWriter.UINT8).u64(2).u16(7))
        .tensor("f32", 0, new byte[32], 4, 2)
        .tensor("q4_k", 12, new byte[144], 256)
        .tensor("q8_0", 8, new byte[68], 32, 2)
        .bytes();
  }

  private static byte[] safetensors() {
    return new SafetensorsWriter()
        .tensor("a", "F32", "[2,4]", new byte[32])
        .tensor("b", "BF16", "[3]", new byte[6])
        .tensor("c", "I64", "[1]", new byte[8])
        .bytes();
  }
}
