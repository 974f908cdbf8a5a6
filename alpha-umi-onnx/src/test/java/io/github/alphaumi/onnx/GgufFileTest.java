package io.github.alphaumi.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GgufFileTest {

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void should_read_a_file_of_version(int version) {
    GgufFile gguf = open(new GgufWriter().version(version).string("general.name", "tiny"));
    assertThat(gguf.version()).isEqualTo(version);
    assertThat(gguf.string("general.name")).isEqualTo("tiny");
    assertThat(gguf.names()).isEmpty();
  }

  @Test
  void should_read_every_type_of_scalar() {
    GgufFile gguf =
        open(
            new GgufWriter()
                .pair("u8", GgufWriter.UINT8, out -> out.u8(200))
                .pair("i8", GgufWriter.INT8, out -> out.u8(-3))
                .pair("u16", GgufWriter.UINT16, out -> out.u16(60_000))
                .pair("i16", GgufWriter.INT16, out -> out.u16(-300))
                .pair("u32", GgufWriter.UINT32, out -> out.u32(4_000_000_000L))
                .pair("i32", GgufWriter.INT32, out -> out.u32(-5))
                .pair("u64", GgufWriter.UINT64, out -> out.u64(-1))
                .pair("i64", GgufWriter.INT64, out -> out.u64(-6))
                .pair("f32", GgufWriter.FLOAT32, out -> out.f32(0.5f))
                .pair("f64", GgufWriter.FLOAT64, out -> out.f64(0.1))
                .pair("bool", GgufWriter.BOOL, out -> out.u8(1))
                .string("text", "für 語"));

    assertThat(gguf.metadata())
        .containsEntry("u8", 200L)
        .containsEntry("i8", -3L)
        .containsEntry("u16", 60_000L)
        .containsEntry("i16", -300L)
        .containsEntry("u32", 4_000_000_000L)
        .containsEntry("i32", -5L)
        .containsEntry("u64", new BigInteger("18446744073709551615"))
        .containsEntry("i64", -6L)
        .containsEntry("f32", 0.5f)
        .containsEntry("f64", 0.1)
        .containsEntry("bool", true)
        .containsEntry("text", "für 語");
    assertThat(gguf.integer("i32")).isEqualTo(-5);
    assertThat(gguf.floating("f64")).isEqualTo(0.1);
    assertThat(gguf.floating("u8")).isEqualTo(200);
    assertThat(gguf.bool("bool")).isTrue();
  }

  @Test
  void should_read_every_type_of_array() {
    GgufFile gguf =
        open(
            new GgufWriter()
                .array("i8", GgufWriter.INT8, 2, out -> out.u8(-1).u8(2))
                .array("u16", GgufWriter.UINT16, 1, out -> out.u16(65_535))
                .array("i32", GgufWriter.INT32, 2, out -> out.u32(-1).u32(7))
                .array("u32", GgufWriter.UINT32, 1, out -> out.u32(4_000_000_000L))
                .array("i64", GgufWriter.INT64, 1, out -> out.u64(9))
                .array("f32", GgufWriter.FLOAT32, 2, out -> out.f32(1.5f).f32(-2))
                .array("f64", GgufWriter.FLOAT64, 1, out -> out.f64(0.1))
                .array("bool", GgufWriter.BOOL, 2, out -> out.u8(0).u8(1))
                .array("text", GgufWriter.STRING, 2, out -> out.string("a").string(""))
                .array("none", GgufWriter.STRING, 0, out -> {})
                .array("nested", GgufWriter.ARRAY, 1, out -> out.u32(5).u64(1).u32(3)));

    assertThat(gguf.integers("i8")).containsExactly(-1, 2);
    assertThat(gguf.integers("u16")).containsExactly(65_535);
    assertThat(gguf.integers("i32")).containsExactly(-1, 7);
    assertThat(gguf.integers("i64")).containsExactly(9);
    assertThat(gguf.metadata().get("u32")).isEqualTo(new long[] {4_000_000_000L});
    assertThat(gguf.floats("f32")).containsExactly(1.5f, -2f);
    assertThat(gguf.metadata().get("f64")).isEqualTo(new double[] {0.1});
    assertThat(gguf.metadata().get("bool")).isEqualTo(new boolean[] {false, true});
    assertThat(gguf.strings("text")).containsExactly("a", "");
    assertThat(gguf.strings("none")).isEmpty();
    assertThat((List<?>) gguf.metadata().get("nested")).hasSize(1).first().isEqualTo(new int[] {3});
    assertThatThrownBy(() -> gguf.integers("u32"))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("key 'u32' must be an array of 32-bit integers; found BigInteger 4");
  }

  @Test
  void should_read_a_large_vocabulary() {
    GgufFile gguf =
        open(
            new GgufWriter()
                .array(
                    "tokens",
                    GgufWriter.STRING,
                    49_152,
                    out -> IntStream.range(0, 49_152).forEach(i -> out.string("Ġtoken" + i))));
    assertThat(gguf.strings("tokens")).hasSize(49_152).endsWith("Ġtoken49151");
  }

  @Test
  void should_use_the_fallback_only_if_the_key_is_absent() {
    GgufFile gguf = open(new GgufWriter().string("name", "x"));
    assertThat(gguf.integer("layers", 3)).isEqualTo(3);
    assertThat(gguf.floating("eps", 1e-5)).isEqualTo(1e-5);
    assertThat(gguf.string("other", "y")).isEqualTo("y");
    assertThat(gguf.bool("add_bos", true)).isTrue();
    assertThat(gguf.string("name", "y")).isEqualTo("x");
    assertThatThrownBy(() -> gguf.integer("name", 3)).isInstanceOf(ModelFileException.class);
  }

  @Test
  void should_name_file_key_and_expectation_if_a_value_is_missing_or_of_another_type() {
    GgufFile gguf =
        open(
            new GgufWriter()
                .string("name", "x")
                .pair("big", GgufWriter.UINT32, out -> out.u32(4_000_000_000L)));
    assertThatThrownBy(() -> gguf.integer("layers"))
        .isInstanceOf(ModelFileException.class)
        .hasMessageEndingWith(
            "model.gguf: metadata key 'layers' must be an integer of 32 bits; found nothing");
    assertThatThrownBy(() -> gguf.integer("big"))
        .hasMessageEndingWith("must be an integer of 32 bits; found Long 4000000000");
    assertThatThrownBy(() -> gguf.floating("name"))
        .hasMessageEndingWith("must be a number; found String x");
    assertThatThrownBy(() -> gguf.floats("name"))
        .hasMessageEndingWith("must be an array of float32; found String x");
    assertThatThrownBy(() -> gguf.strings("missing")).isInstanceOf(ModelFileException.class);
    assertThatThrownBy(() -> gguf.bool("name")).isInstanceOf(ModelFileException.class);
  }

  @Test
  void should_read_tensors_with_dimensions_outermost_first() {
    byte[] first = new ByteWriter().f32(1).f32(2).f32(3).f32(4).f32(5).f32(6).bytes();
    byte[] second = new ByteWriter().u16(0x3c00).u16(0xc000).bytes();
    GgufFile gguf = open(new GgufWriter().tensor("a", 0, first, 3, 2).tensor("b", 1, second, 2));

    TensorData a = gguf.tensor("a");
    assertThat(gguf.names()).containsExactly("a", "b");
    assertThat(a.shape()).containsExactly(2, 3);
    assertThat(a.type()).isEqualTo(TensorType.F32);
    assertThat(a.elements()).isEqualTo(6);
    assertThat(a.byteLength()).isEqualTo(24);
    assertThat(a.file()).isEqualTo(folder.resolve("model.gguf"));
    float[] row = new float[4];
    a.readFloats(3, row, 1, 3);
    assertThat(row).containsExactly(0, 4, 5, 6);
    assertThat(a.bytes(4, 4).getFloat()).isEqualTo(2f);
    assertThat(a.bytes(4, 4).isReadOnly()).isTrue();
    float[] halves = new float[2];
    gguf.tensor("b").readFloats(0, halves, 0, 2);
    assertThat(halves).containsExactly(1, -2);
  }

  @Test
  void should_respect_the_alignment_of_the_file() {
    GgufFile gguf =
        open(
            new GgufWriter()
                .padTo(8)
                .pair("general.alignment", GgufWriter.UINT32, out -> out.u32(8))
                .tensor("a", 0, new ByteWriter().f32(1).bytes(), 1)
                .tensor("b", 0, new ByteWriter().f32(2).bytes(), 1));
    float[] value = new float[1];
    gguf.tensor("b").readFloats(0, value, 0, 1);
    assertThat(value).containsExactly(2);
  }

  @Test
  void should_refuse_ranges_outside_the_tensor_or_within_a_block() {
    TensorData tensor = open(new GgufWriter().tensor("a", 8, new byte[68], 64)).tensor("a");
    assertThatThrownBy(() -> tensor.readFloats(0, new float[96], 0, 96))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> tensor.readFloats(-32, new float[32], 0, 32))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> tensor.bytes(60, 9)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> tensor.readFloats(16, new float[32], 0, 32))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "tensor 'a': firstElement 16 and count 32 must be multiples of 32, the block size of Q8_0");
  }

  @Test
  void should_name_file_and_tensor_if_it_is_missing() {
    GgufFile gguf = open(new GgufWriter().tensor("a", 0, new byte[4], 1));
    assertThat(gguf.has("a")).isTrue();
    assertThat(gguf.has("output.weight")).isFalse();
    assertThatThrownBy(() -> gguf.tensor("output.weight"))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("model.gguf: tensor 'output.weight' is missing among 1 tensors");
  }

  @Test
  void should_refuse_use_after_close_but_keep_buffers_that_were_handed_out() {
    GgufFile gguf = open(new GgufWriter().tensor("a", 0, new ByteWriter().f32(7).bytes(), 1));
    TensorData tensor = gguf.tensor("a");
    var bytes = tensor.bytes(0, 4);
    gguf.close();
    gguf.close();
    assertThat(bytes.getFloat(0)).isEqualTo(7f);
    assertThatThrownBy(() -> tensor.readFloats(0, new float[1], 0, 1))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> tensor.bytes(0, 4)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(gguf::names).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(gguf::metadata).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> gguf.string("x")).isInstanceOf(IllegalStateException.class);
  }

  private GgufFile open(GgufWriter writer) {
    try {
      return GgufFile.open(Files.write(folder.resolve("model.gguf"), writer.bytes()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
