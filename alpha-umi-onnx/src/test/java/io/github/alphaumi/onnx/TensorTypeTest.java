package io.github.alphaumi.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class TensorTypeTest {

  private static final int ROWS = 8;
  private static final int COLUMNS = 512;

  /** The fixtures were made with gguf-py; the README beside them says how. */
  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {
        "F64", "I64", "I32", "I16", "I8", "U64", "U32", "U16", "U8", "BOOL", "F8_E4M3", "F8_E5M2"
      })
  void should_dequantize_bit_by_bit_as_gguf_py_does(TensorType type) throws IOException {
    Path folder = Shared.path("fixtures/gguf/types");
    ByteBuffer raw = littleEndian(Files.readAllBytes(folder.resolve(type + ".raw")));
    int[] expected = new int[ROWS * COLUMNS];
    littleEndian(Files.readAllBytes(folder.resolve(type + ".f32"))).asIntBuffer().get(expected);

    float[] floats = new float[ROWS * COLUMNS];
    type.dequantize(raw, 0, floats, 0, floats.length / type.blockElements());

    assertThat(raw.capacity()).isEqualTo(floats.length / type.blockElements() * type.blockBytes());
    assertThat(bits(floats)).isEqualTo(expected);
  }

  @ParameterizedTest
  @EnumSource(TensorType.class)
  void should_read_blocks_alike_wherever_they_lie(TensorType type) {
    if (!type.readable()) {
      return;
    }
    int blocks = 40_000 / type.blockBytes();
    byte[] bytes = new byte[3 + blocks * type.blockBytes()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 31 + i / 7);
    }
    int perBlock = type.blockElements();
    float[] atOnce = new float[5 + blocks * perBlock];
    type.dequantize(littleEndian(bytes), 3, atOnce, 5, blocks);

    float[] oneByOne = new float[5 + blocks * perBlock];
    for (int b = 0; b < blocks; b++) {
      type.dequantize(
          littleEndian(bytes), 3 + b * type.blockBytes(), oneByOne, 5 + b * perBlock, 1);
    }

    assertThat(bits(atOnce)).isEqualTo(bits(oneByOne));
    assertThat(Arrays.copyOf(atOnce, 5)).containsOnly(0f);
  }

  @Test
  void should_fail_if_source_or_target_is_too_small() {
    ByteBuffer block = littleEndian(new byte[18]);
    assertThatThrownBy(() -> TensorType.Q4_0.dequantize(block, 0, new float[64], 0, 2))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> TensorType.Q4_0.dequantize(block, 0, new float[32], 1, 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void should_fail_if_the_buffer_is_big_endian() {
    assertThatThrownBy(
            () -> TensorType.F32.dequantize(ByteBuffer.allocate(4), 0, new float[1], 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("src must be little-endian");
  }

  @Test
  void should_refuse_to_read_integers_as_floats() {
    ByteBuffer element = littleEndian(new byte[8]);
    assertThatThrownBy(() -> TensorType.I64.dequantize(element, 0, new float[1], 0, 1))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageStartingWith("tensor type I64 cannot be read as floats; F32, F16, BF16, Q4_0");
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }
}
