package io.github.alphaumi.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlockQuantizerTest {
  private static final int BLOCK = 32;
  private static final short SMALLEST_HALF = 1;
  private static final short LARGEST_HALF = 0x7BFF;

  /** Half of a step of a seventeenth, where no multiple comes nearer. */
  private static final double WORST = 0.5 / 17 + 0.001;

  private final Random random = new Random(11);
  private final BlockQuantizer quantizer = new BlockQuantizer();
  private float scale;

  private float[] restored() {
    ByteBuffer values = ByteBuffer.allocate(BLOCK);
    ByteBuffer scales = ByteBuffer.allocate(Float.BYTES);
    ByteBuffer zeroPoints = ByteBuffer.allocate(1);
    quantizer.put(values, scales, zeroPoints);
    scale = scales.getFloat(0);
    float[] weights = new float[BLOCK];
    for (int i = 0; i < BLOCK; i++) {
      weights[i] = scale * ((values.get(i) & 0xFF) - (zeroPoints.get(0) & 0xFF));
    }
    return weights;
  }

  private static float[] source(TensorType type, ByteBuffer block) {
    float[] weights = new float[BLOCK];
    type.dequantize(block, 0, weights, 0, 1);
    return weights;
  }

  private ByteBuffer q8(short scale) {
    byte[] bytes = new byte[34];
    random.nextBytes(bytes);
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putShort(0, scale);
  }

  private ByteBuffer q4(short d, short m) {
    byte[] bytes = new byte[20];
    random.nextBytes(bytes);
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putShort(0, d).putShort(2, m);
  }

  @Test
  void should_keep_q8_0_exactly() {
    for (int i = 0; i < 10_000; i++) {
      short scale = (short) random.nextInt(LARGEST_HALF + 1);
      ByteBuffer block = q8(i % 2 == 0 ? scale : (short) (scale | 0x8000));
      quantizer.fromQ8_0(block, 0);
      assertThat(restored()).containsExactly(source(TensorType.Q8_0, block));
    }
  }

  @Test
  void should_keep_q4_1_within_a_hundredth_of_its_grid_on_average_and_never_far_off() {
    double sum = 0;
    int blocks = 20_000;
    for (int i = 0; i < blocks; i++) {
      float d = 0.001f + 0.1f * random.nextFloat();
      float m = -d * (5 + 5 * random.nextFloat());
      ByteBuffer block = q4(half(d), half(m));
      float step = Float16.toFloat(block.getShort(0));
      quantizer.fromQ4_1(block, 0);
      float[] expected = source(TensorType.Q4_1, block);
      float[] actual = restored();
      double worst = 0;
      for (int j = 0; j < BLOCK; j++) {
        worst = Math.max(worst, Math.abs(actual[j] - expected[j]) / step);
      }
      assertThat(worst).as("d %s m %s", step, m).isLessThan(WORST);
      sum += worst;
    }
    assertThat(sum / blocks).as("mean of the worst of each block").isLessThan(0.01);
  }

  /** The nearest half-precision number below. */
  private static short half(float value) {
    int low = 0;
    int high = LARGEST_HALF;
    while (low < high) {
      int middle = (low + high + 1) / 2;
      if (Float16.toFloat((short) middle) <= Math.abs(value)) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return (short) (value < 0 ? low | 0x8000 : low);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0", "0, 1", "0, -1", "1, 60000", "1, -60000", "0.00001, 60000", "0.00001, -60000",
    "-1, 0", "-1, 5", "-0.5, 60000", "60000, 60000", "60000, -60000", "0.5, 0", "0.5, 100",
    "0.5, -100", "0.0000001, 0.0000001"
  })
  void should_stay_finite_and_near_for_odd_q4_1_blocks(float d, float m) {
    ByteBuffer block = q4(half(d), half(m));
    quantizer.fromQ4_1(block, 0);
    float[] expected = source(TensorType.Q4_1, block);
    float largest = 0;
    for (float weight : expected) {
      largest = Math.max(largest, Math.abs(weight));
    }
    float[] actual = restored();
    for (int i = 0; i < BLOCK; i++) {
      assertThat(actual[i]).isFinite().isCloseTo(expected[i], within(largest / 127 + 1e-30f));
    }
  }

  @Test
  void should_stay_finite_for_the_smallest_and_largest_halves() {
    short[] halves = {
      0, SMALLEST_HALF, LARGEST_HALF, (short) 0x8001, (short) (LARGEST_HALF | 0x8000)
    };
    for (short d : halves) {
      for (short m : halves) {
        quantizer.fromQ4_1(q4(d, m), 0);
        for (float weight : restored()) {
          assertThat(weight).isFinite();
        }
      }
    }
  }

  @Test
  void should_round_floats_to_127_steps_of_their_largest() {
    float[] weights = new float[100];
    for (int round = 0; round < 1000; round++) {
      float size = (float) Math.pow(10, random.nextInt(60) - 30);
      for (int i = 0; i < weights.length; i++) {
        weights[i] = size * (float) random.nextGaussian();
      }
      int count = 1 + random.nextInt(BLOCK);
      quantizer.fromFloats(weights, 7, count);
      float[] actual = restored();
      for (int i = 0; i < BLOCK; i++) {
        float expected = i < count ? weights[7 + i] : 0;
        assertThat(actual[i]).isCloseTo(expected, within(scale * 0.51f));
      }
    }
  }

  @Test
  void should_keep_the_sign_of_the_smallest_floats() {
    float[] weights = new float[BLOCK];
    for (int i = 0; i < BLOCK; i++) {
      weights[i] = (i % 2 == 0 ? 1 : -1) * (190 + i) * Float.MIN_VALUE;
    }
    quantizer.fromFloats(weights, 0, BLOCK);
    float[] actual = restored();
    for (int i = 0; i < BLOCK; i++) {
      assertThat(actual[i] * Math.signum(weights[i])).isGreaterThanOrEqualTo(0);
    }
  }
}
