package io.github.alphaumi.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows of 4-bit sources as 4-bit rows of the weight file. */
class FourBitSourcesTest {
  private static final long SEED = 41;
  private static final int ROWS = 3;
  private static final int COLUMNS = 96;
  private static final int BLOCKS = COLUMNS / 32;

  @TempDir Path folder;

  @Test
  void should_keep_q4_0_exactly() throws IOException {
    byte[] bytes = new byte[ROWS * BLOCKS * TensorType.Q4_0.blockBytes()];
    Random random = new Random(SEED);
    random.nextBytes(bytes);
    ByteBuffer blocks = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int block = 0; block < ROWS * BLOCKS; block++) {
      // Halves between 1 and 2, of either sign.
      int half = 0x3C00 | random.nextInt(1 << 10) | random.nextInt(2) << 15;
      blocks.putShort(block * TensorType.Q4_0.blockBytes(), (short) half);
    }
    Path path = folder.resolve("blocks.bin");
    Files.write(path, bytes);
    TensorData tensor =
        new TensorData(MappedFile.open(path), "w", TensorType.Q4_0, new long[] {ROWS, COLUMNS}, 0);
    RowEncoder encoder = RowEncoder.of(tensor, COLUMNS, new WeightLayout.Encoding(4, 32));
    for (int row = 0; row < ROWS; row++) {
      ByteBuffer values = buffer(COLUMNS / 2);
      ByteBuffer scales = buffer(4 * BLOCKS);
      ByteBuffer zeroPoints = buffer((BLOCKS + 1) / 2);
      encoder.encode(row, values, scales, zeroPoints);
      float[] expected = new float[COLUMNS];
      tensor.readFloats((long) row * COLUMNS, expected, 0, COLUMNS);
      for (int i = 0; i < COLUMNS; i++) {
        int level = values.get(i / 2) >> i % 2 * 4 & 15;
        int zero = zeroPoints.get(i / 64) >> i / 32 % 2 * 4 & 15;
        assertThat(scales.getFloat(4 * (i / 32)) * (level - zero))
            .as("seed %d, row %d, weight %d", SEED, row, i)
            .isEqualTo(expected[i]);
      }
    }
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
