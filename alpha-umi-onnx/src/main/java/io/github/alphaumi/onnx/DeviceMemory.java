package io.github.alphaumi.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtSession;
import com.sun.jna.Pointer;
import io.github.alphaumi.onnx.OnnxGraph.ElementType;
import java.util.ArrayList;
import java.util.List;

/**
 * Buffers on a session's device, from the session's own allocator. ONNX Runtime takes a tensor over
 * them as an input and as an output where it is; tensors that Java's classes make would be copied
 * to the device and back with every token.
 */
final class DeviceMemory implements KvMemory {
  /** Where the memory is, in ONNX Runtime's words, and what can be done with it from here. */
  record Place(String name, int device, RawMemory memory) {
    /** The processor's own memory, by the same way as a device's. */
    static final Place HOST = new Place("Cpu", 0, RawMemory.HOST);

    /** A GPU's memory. */
    static Place cuda(int ordinal) {
      CudaDriver driver = CudaDriver.get();
      if (driver == null) {
        throw new IllegalStateException("there is no NVIDIA driver");
      }
      return new Place("Cuda", ordinal, driver.gpu(ordinal));
    }
  }

  /** Clears and copies memory of a device. Returns when that is done. */
  interface RawMemory {
    RawMemory HOST =
        new RawMemory() {
          @Override
          public void clear(Pointer at, long bytes) {
            at.clear(bytes);
          }

          @Override
          public void copy(
              List<Pointer> buffers, long from, long to, int rows, long pitch, long length) {
            for (Pointer buffer : buffers) {
              for (int row = 0; row < rows; row++) {
                buffer
                    .getByteBuffer(to + row * pitch, length)
                    .put(buffer.getByteBuffer(from + row * pitch, length));
              }
            }
          }
        };

    void clear(Pointer at, long bytes);

    /** As {@link KvMemory#copy}, in these buffers. */
    void copy(List<Pointer> buffers, long from, long to, int rows, long pitch, long length);
  }

  private final ElementType type;
  private final Place place;
  private final Pointer memoryInfo;
  private final Pointer allocator;
  private final List<Pointer> tensors = new ArrayList<>();
  private final List<Pointer> buffers = new ArrayList<>();
  private boolean closed;

  /**
   * @param shape of each buffer
   * @throws io.github.alphaumi.core.AlphaUmiException if the device has not so much memory
   */
  DeviceMemory(OrtSession session, Place place, ElementType type, int count, long... shape) {
    this.type = type;
    this.place = place;
    OrtApi api = OrtApi.get();
    memoryInfo = api.memoryInfo(place.name(), place.device());
    Ort.opened();
    try {
      allocator = api.allocator(session, memoryInfo);
      Ort.opened();
    } catch (RuntimeException e) {
      api.releaseMemoryInfo(memoryInfo);
      Ort.closed();
      throw e;
    }
    long bytes = type.bytes;
    for (long dimension : shape) {
      bytes *= dimension;
    }
    try {
      for (int i = 0; i < count; i++) {
        Pointer tensor = api.tensor(allocator, type, shape);
        tensors.add(tensor);
        Ort.opened();
        Pointer data = api.data(tensor);
        place.memory().clear(data, bytes);
        buffers.add(data);
      }
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  @Override
  public OnnxTensor tensor(int buffer, long offset, long... shape) {
    return OrtApi.get().over(memoryInfo, buffers.get(buffer).share(offset), type, shape);
  }

  @Override
  public void copy(long from, long to, int rows, long pitch, long length) {
    place.memory().copy(buffers, from, to, rows, pitch, length);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    OrtApi api = OrtApi.get();
    buffers.clear();
    for (Pointer tensor : tensors) {
      api.releaseTensor(tensor);
      Ort.closed();
    }
    tensors.clear();
    api.releaseAllocator(allocator);
    Ort.closed();
    api.releaseMemoryInfo(memoryInfo);
    Ort.closed();
  }
}
