package io.github.alphaumi.lab.train;

import java.nio.ByteBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Short forms of calls. What is made belongs to the innermost open PointerScope. */
final class Tensors {

  /** So many floats at a time go between Java and native memory. */
  static final int PIECE = 1 << 22;

  private Tensors() {}

  static Tensor empty(long... shape) {
    return torch.empty(shape);
  }

  static Tensor zeros(long... shape) {
    return torch.zeros(shape);
  }

  static Tensor of(float[] values, long... shape) {
    Tensor tensor = empty(shape);
    tensor.data_ptr_float().put(values, 0, values.length);
    return tensor;
  }

  static Tensor of(int[] values) {
    long[] longs = new long[values.length];
    for (int i = 0; i < longs.length; i++) {
      longs[i] = values[i];
    }
    Tensor tensor =
        torch.empty(new long[] {values.length}, new TensorOptions(ScalarType.Long), null);
    tensor.data_ptr_long().put(longs, 0, longs.length);
    return tensor;
  }

  /** Writes values into a row, from an element on. */
  static void put(Tensor row, long from, float[] values) {
    row.data_ptr_float().position(from).put(values, 0, values.length);
  }

  /** Reads values of a row, from an element on. */
  static void get(Tensor row, long from, float[] values) {
    row.data_ptr_float().position(from).get(values, 0, values.length);
  }

  static float[] floats(Tensor tensor) {
    float[] values = new float[Math.toIntExact(tensor.numel())];
    tensor.contiguous().data_ptr_float().get(values);
    return values;
  }

  /** The values rounded to 16 bits, little-endian; lives as long as the open PointerScope. */
  static ByteBuffer halves(Tensor tensor) {
    Tensor halves = tensor.to(ScalarType.Half).contiguous();
    return new BytePointer(halves.data_ptr()).capacity(halves.nbytes()).asByteBuffer();
  }

  static long[] longs(Tensor tensor) {
    long[] values = new long[Math.toIntExact(tensor.numel())];
    tensor.contiguous().data_ptr_long().get(values);
    return values;
  }

  /** {@code c = scale * a b + keep * c}. */
  static void multiply(Tensor c, Tensor a, Tensor b, double scale, double keep) {
    torch.addmm_out(c, c, a, b, new Scalar(keep), new Scalar(scale));
  }

  static Tensor joined(Tensor first, Tensor second, long dimension) {
    return torch.cat(new TensorVector(first, second), dimension);
  }

  static Tensor rows(Tensor tensor, long from, long count) {
    return tensor.narrow(0, from, count);
  }

  static Tensor columns(Tensor tensor, long from, long count) {
    return tensor.narrow(1, from, count);
  }
}
