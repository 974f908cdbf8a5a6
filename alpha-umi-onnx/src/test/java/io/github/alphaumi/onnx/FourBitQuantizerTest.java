package io.github.alphaumi.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FourBitQuantizerTest {

  @ParameterizedTest
  @ValueSource(ints = {32, 128})
  void should_keep_weights_that_lie_on_a_grid(int block) {
    for (int zero = 0; zero <= 15; zero++) {
      float[] weights = new float[block];
      for (int i = 0; i < block; i++) {
        weights[i] = 0.25f * (i % 16 - zero);
      }
      float[] again = roundTrip(weights, block);
      for (int i = 0; i < block; i++) {
        assertThat(again[i]).as("zero %d, weight %d", zero, i).isCloseTo(weights[i], within(1e-6f));
      }
    }
  }

  @Test
  void should_keep_blocks_apart_and_fill_up_the_last_one() {
    float[] weights = new float[3 * 32 - 7];
    for (int i = 0; i < weights.length; i++) {
      int block = i / 32;
      weights[i] = (block + 1) * (i % 16 - 5 * block);
    }
    float[] again = roundTrip(weights, 32);
    for (int i = 0; i < weights.length; i++) {
      assertThat(again[i]).as("weight %d", i).isCloseTo(weights[i], within(1e-4f));
    }
  }

  @Test
  void should_keep_zeros_and_blocks_of_one_sign() {
    assertThat(roundTrip(new float[32], 32)).containsOnly(0);
    float[] positive = new float[32];
    Arrays.fill(positive, 3);
    for (float weight : roundTrip(positive, 32)) {
      assertThat(weight).isCloseTo(3, within(1e-5f));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {32, 128})
  void should_never_be_off_by_much_more_than_a_step(int block) {
    long seed = 20261121;
    Random random = new Random(seed);
    for (int i = 0; i < 200; i++) {
      float[] weights = new float[block];
      float low = 0;
      float high = 0;
      for (int j = 0; j < block; j++) {
        weights[j] = (float) random.nextGaussian();
        low = Math.min(low, weights[j]);
        high = Math.max(high, weights[j]);
      }
      float[] again = roundTrip(weights, block);
      for (int j = 0; j < block; j++) {
        assertThat(again[j])
            .as("seed %d, block %d, weight %d", seed, i, j)
            .isCloseTo(weights[j], within(0.2f * (high - low)));
      }
    }
  }

  /** Through the bytes of a row, read as MatMulNBits reads them. */
  private static float[] roundTrip(float[] weights, int block) {
    int blocks = (weights.length + block - 1) / block;
    ByteBuffer values = buffer(blocks * block / 2);
    ByteBuffer scales = buffer(4 * blocks);
    ByteBuffer zeroPoints = buffer((blocks + 1) / 2);
    FourBitQuantizer quantizer = new FourBitQuantizer(block);
    for (int i = 0; i < blocks; i++) {
      quantizer.fromFloats(weights, i * block, Math.min(block, weights.length - i * block));
      quantizer.put(values, scales, zeroPoints, i);
    }
    float[] result = new float[weights.length];
    for (int i = 0; i < result.length; i++) {
      int at = i / block;
      int level = values.get(i / 2) >> i % 2 * 4 & 15;
      int zero = zeroPoints.get(at / 2) >> at % 2 * 4 & 15;
      result[i] = scales.getFloat(4 * at) * (level - zero);
    }
    return result;
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
