package io.github.alphaumi.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class Float16Test {

  @Test
  void should_return_every_half_unchanged_after_a_way_through_float() {
    for (int bits = 0; bits <= 0xffff; bits++) {
      float value = Float16.toFloat((short) bits);
      if (Float.isNaN(value)) {
        assertThat(Float16.toFloat(Float16.fromFloat(value))).isNaN();
      } else {
        assertThat(Float16.fromFloat(value)).as("half %04x", bits).isEqualTo((short) bits);
      }
    }
  }

  @Test
  void should_give_known_values() {
    assertThat(Float16.toFloat((short) 0x3c00)).isEqualTo(1f);
    assertThat(Float16.toFloat((short) 0xc000)).isEqualTo(-2f);
    assertThat(Float16.toFloat((short) 0x7bff)).isEqualTo(65504f);
    assertThat(Float16.toFloat((short) 0x0001)).isEqualTo(0x1p-24f);
    assertThat(Float16.toFloat((short) 0x03ff)).isEqualTo(1023 * 0x1p-24f);
    assertThat(Float.floatToRawIntBits(Float16.toFloat((short) 0x8000))).isEqualTo(1 << 31);
    assertThat(Float16.toFloat((short) 0xfc00)).isEqualTo(Float.NEGATIVE_INFINITY);
    assertThat(Float16.toFloat((short) 0x7e00)).isNaN();
  }

  @Test
  void should_round_to_the_nearest_half_and_ties_to_even() {
    for (int bits = 0; bits < 0x7bff; bits++) {
      double low = Float16.toFloat((short) bits);
      double high = Float16.toFloat((short) (bits + 1));
      float middle = (float) ((low + high) / 2);
      int even = bits + (bits & 1);
      assertThat(Float16.fromFloat(middle)).as("above %04x", bits).isEqualTo((short) even);
      assertThat(Float16.fromFloat(-middle)).isEqualTo((short) (even | 0x8000));
      assertThat(Float16.fromFloat(Math.nextDown(middle))).isEqualTo((short) bits);
      assertThat(Float16.fromFloat(Math.nextUp(middle))).isEqualTo((short) (bits + 1));
    }
  }

  @Test
  void should_overflow_to_infinity_from_65520() {
    assertThat(Float16.fromFloat(Math.nextDown(65520f))).isEqualTo((short) 0x7bff);
    assertThat(Float16.fromFloat(65520f)).isEqualTo((short) 0x7c00);
    assertThat(Float16.fromFloat(Float.NEGATIVE_INFINITY)).isEqualTo((short) 0xfc00);
    assertThat(Float16.fromFloat(-Float.MAX_VALUE)).isEqualTo((short) 0xfc00);
    assertThat(Float16.fromFloat(Float.MIN_VALUE)).isZero();
  }

  @Test
  void should_return_every_bfloat16_unchanged_after_a_way_through_float() {
    for (int bits = 0; bits <= 0xffff; bits++) {
      float value = BFloat16.toFloat((short) bits);
      if (Float.isNaN(value)) {
        assertThat(BFloat16.toFloat(BFloat16.fromFloat(value))).isNaN();
      } else {
        assertThat(BFloat16.fromFloat(value)).as("bfloat16 %04x", bits).isEqualTo((short) bits);
      }
    }
  }

  @Test
  void should_round_to_the_nearest_bfloat16_and_ties_to_even() {
    assertThat(BFloat16.fromFloat(Float.intBitsToFloat(0x3f80_8000))).isEqualTo((short) 0x3f80);
    assertThat(BFloat16.fromFloat(Float.intBitsToFloat(0x3f80_8001))).isEqualTo((short) 0x3f81);
    assertThat(BFloat16.fromFloat(Float.intBitsToFloat(0x3f81_8000))).isEqualTo((short) 0x3f82);
    assertThat(BFloat16.fromFloat(Float.MAX_VALUE)).isEqualTo((short) 0x7f80);
    assertThat(BFloat16.toFloat(BFloat16.fromFloat(Float.intBitsToFloat(0x7f80_0001)))).isNaN();
  }
}
