package io.github.alphaumi.onnx;

import ai.onnxruntime.OnnxTensor;
import com.sun.jna.Memory;
import io.github.alphaumi.onnx.OnnxGraph.ElementType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Buffers in this process' own memory. It costs nothing until it is written: a slot takes as many
 * pages as its longest sequence had. That is why it comes from malloc, unlike Java's direct
 * buffers, which are cleared and so written at once.
 */
final class HostMemory implements KvMemory {
  /** Smaller pieces would stay with the C library's heap when they are freed. */
  private static final long LEAST_ALLOCATION = 64L << 20;

  private final ElementType type;
  private final List<Memory> pieces = new ArrayList<>();
  private final ByteBuffer[] buffers;

  /**
   * @param bytes of each buffer; one can have no more than an int counts
   * @throws OutOfMemoryError if the system does not give as much
   */
  HostMemory(ElementType type, int count, long bytes) {
    this.type = type;
    buffers = new ByteBuffer[count];
    int together = (int) Math.max(1, Math.min(count, LEAST_ALLOCATION / bytes));
    try {
      for (int i = 0; i < count; i += together) {
        allocate(i, Math.min(together, count - i), bytes);
      }
    } catch (OutOfMemoryError e) {
      close();
      throw e;
    }
  }

  private void allocate(int first, int count, long bytes) {
    Memory piece = new Memory(count * bytes);
    pieces.add(piece);
    Ort.opened();
    for (int k = 0; k < count; k++) {
      buffers[first + k] = piece.getByteBuffer(k * bytes, bytes);
    }
  }

  @Override
  public OnnxTensor tensor(int buffer, long offset, long... shape) {
    long length = type.bytes;
    for (long dimension : shape) {
      length *= dimension;
    }
    ByteBuffer slice =
        buffers[buffer].slice((int) offset, (int) length).order(buffers[buffer].order());
    return type == ElementType.FLOAT16
        ? Ort.halves(slice.asShortBuffer(), shape)
        : Ort.tensor(slice.asFloatBuffer(), shape);
  }

  @Override
  public void copy(long from, long to, int rows, long pitch, long length) {
    for (ByteBuffer buffer : buffers) {
      for (int row = 0; row < rows; row++) {
        buffer.put((int) (to + row * pitch), buffer, (int) (from + row * pitch), (int) length);
      }
    }
  }

  @Override
  public void close() {
    Arrays.fill(buffers, ByteBuffer.allocate(0));
    for (Memory piece : pieces) {
      piece.close();
      Ort.closed();
    }
    pieces.clear();
  }
}
