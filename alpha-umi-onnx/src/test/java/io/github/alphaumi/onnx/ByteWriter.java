package io.github.alphaumi.onnx;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Little-endian primitives as model files have them. */
final class ByteWriter {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  ByteWriter u8(int value) {
    out.write(value);
    return this;
  }

  ByteWriter u16(int value) {
    return u8(value).u8(value >> 8);
  }

  ByteWriter u32(long value) {
    return u16((int) value).u16((int) (value >> 16));
  }

  ByteWriter u64(long value) {
    return u32(value).u32(value >> 32);
  }

  ByteWriter f32(float value) {
    return u32(Float.floatToRawIntBits(value));
  }

  ByteWriter f64(double value) {
    return u64(Double.doubleToRawLongBits(value));
  }

  ByteWriter string(String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    return u64(bytes.length).raw(bytes);
  }

  ByteWriter raw(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  int size() {
    return out.size();
  }

  byte[] bytes() {
    return out.toByteArray();
  }
}
