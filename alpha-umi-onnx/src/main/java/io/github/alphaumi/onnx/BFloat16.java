package io.github.alphaumi.onnx;

/**
 * bfloat16: the upper half of a float (1 sign, 8 exponent and 7 fraction bits), held in a {@code
 * short}. Stateless, safe for concurrent use.
 */
final class BFloat16 {

  private BFloat16() {}

  /** The exact value of a bfloat16. The payload of a NaN is kept. */
  static float toFloat(short bfloat) {
    return Float.intBitsToFloat(bfloat << 16);
  }

  /**
   * The bfloat16 nearest to a float, ties to even. Magnitudes beyond the largest finite one become
   * infinity; a NaN stays a (quiet) NaN.
   */
  static short fromFloat(float value) {
    int bits = Float.floatToRawIntBits(value);
    if ((bits & 0x7fff_ffff) > 0x7f80_0000) {
      return (short) (bits >>> 16 | 0x40);
    }
    return (short) ((bits + 0x7fff + (bits >>> 16 & 1)) >>> 16);
  }
}
