package io.github.alphaumi.onnx;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Kernels of the types that store one number per element, little-endian. */
final class PlainFloats {

  private static final VarHandle FLOAT =
      MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

  private PlainFloats() {}

  static void f32(byte[] src, int srcOffset, float[] dst, int dstOffset, int count) {
    for (int i = 0; i < count; i++) {
      dst[dstOffset + i] = (float) FLOAT.get(src, srcOffset + 4 * i);
    }
  }

  static void f16(byte[] src, int srcOffset, float[] dst, int dstOffset, int count) {
    for (int i = 0; i < count; i++) {
      dst[dstOffset + i] = halfAt(src, srcOffset + 2 * i);
    }
  }

  static void bf16(byte[] src, int srcOffset, float[] dst, int dstOffset, int count) {
    for (int i = 0; i < count; i++) {
      dst[dstOffset + i] = BFloat16.toFloat((short) SHORT.get(src, srcOffset + 2 * i));
    }
  }

  /** The half at this index, as block scales are stored. */
  static float halfAt(byte[] src, int index) {
    return Float16.toFloat((short) SHORT.get(src, index));
  }
}
