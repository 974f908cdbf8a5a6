package io.github.alphaumi.onnx;

/**
 * IEEE 754 binary16, the "half" of model files: 1 sign, 5 exponent and 10 fraction bits, held in a
 * {@code short}. Stateless, safe for concurrent use.
 */
final class Float16 {

  private static final int EXPONENT_REBIAS = (127 - 15) << 23;
  private static final int SMALLEST_NORMAL = 0x3880_0000; // 2^-14 as a float
  private static final int FIRST_INFINITE = 0x477f_f000; // 65520, halfway from 65504 to 65536

  private Float16() {}

  /** The exact value of a half. The payload of a NaN is kept. */
  static float toFloat(short half) {
    int sign = (half & 0x8000) << 16;
    int magnitude = half & 0x7fff;
    if (magnitude >= 0x7c00) {
      return Float.intBitsToFloat(sign | 0x7f80_0000 | (magnitude & 0x3ff) << 13);
    }
    if (magnitude < 0x400) {
      float subnormal = magnitude * 0x1p-24f;
      return sign == 0 ? subnormal : -subnormal;
    }
    return Float.intBitsToFloat(sign | ((magnitude << 13) + EXPONENT_REBIAS));
  }

  /**
   * The half nearest to a float, ties to even. Magnitudes from 65520 become infinity; a NaN stays a
   * (quiet) NaN.
   */
  static short fromFloat(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = bits >>> 16 & 0x8000;
    int magnitude = bits & 0x7fff_ffff;
    if (magnitude > 0x7f80_0000) {
      return (short) (sign | 0x7e00 | (magnitude >>> 13 & 0x3ff));
    }
    if (magnitude >= FIRST_INFINITE) {
      return (short) (sign | 0x7c00);
    }
    if (magnitude < SMALLEST_NORMAL) {
      // Scaling by a power of two is exact, so rint is the only rounding. A result of 0x400 is the
      // bit pattern of the smallest normal half, as it should be.
      return (short) (sign | (int) Math.rint(Float.intBitsToFloat(magnitude) * 0x1p24f));
    }
    int roundedToEven = magnitude + 0xfff + (magnitude >>> 13 & 1);
    return (short) (sign | (roundedToEven - EXPONENT_REBIAS) >>> 13);
  }
}
