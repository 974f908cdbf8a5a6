package io.github.alphaumi.onnx;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import io.github.alphaumi.core.AlphaUmiException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The few functions of CUDA's driver interface (cuda.h) that are needed beside ONNX Runtime: which
 * GPUs there are, and copies from memory of a GPU to memory of the same one. Thread-safe.
 *
 * <p>Not those of the runtime library, libcudart: its name changes with every major version of CUDA
 * and the one that ONNX Runtime uses would have to be found, while the driver's library and what it
 * offers stay the same. Not ONNX Runtime's CopyTensors either: it copies whole tensors, and a
 * sequence's first positions lie in as many pieces as there are heads.
 */
final class CudaDriver {
  private static final int DEVICE_MEMORY = 2;
  private static final int NAME_BYTES = 256;

  private final NativeLibrary library;

  private CudaDriver(NativeLibrary library) {
    this.library = library;
  }

  private static final class Loaded {
    static final @Nullable CudaDriver DRIVER = load();

    private static @Nullable CudaDriver load() {
      try {
        return new CudaDriver(NativeLibrary.getInstance(libraryName()));
      } catch (LinkageError e) {
        return null;
      }
    }
  }

  /** The driver of this machine, or null if there is none. */
  static @Nullable CudaDriver get() {
    return Loaded.DRIVER;
  }

  static String libraryName() {
    return System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows")
        ? "nvcuda"
        : "libcuda.so.1";
  }

  /** The newest CUDA that the driver is for: 12040 is 12.4. */
  int version() {
    IntByReference version = new IntByReference();
    call("cuDriverGetVersion", version);
    return version.getValue();
  }

  /** Why this GPU cannot be used, or null if it can. */
  @Nullable String unusable(int ordinal) {
    try {
      call("cuInit", 0);
      IntByReference count = new IntByReference();
      call("cuDeviceGetCount", count);
      return ordinal < count.getValue()
          ? null
          : "there are " + count.getValue() + " GPUs, and the first one is number 0";
    } catch (AlphaUmiException e) {
      return "the NVIDIA driver gives no access to a GPU: " + e.getMessage();
    }
  }

  /** Its name and the driver's version. */
  String describe(int ordinal) {
    try (Memory name = new Memory(NAME_BYTES)) {
      call("cuDeviceGetName", name, NAME_BYTES, device(ordinal));
      return String.format(
          "%s, its driver is for CUDA %d.%d",
          name.getString(0, StandardCharsets.UTF_8.name()),
          version() / 1000,
          version() % 1000 / 10);
    }
  }

  private int device(int ordinal) {
    IntByReference device = new IntByReference();
    call("cuDeviceGet", device, ordinal);
    return device.getValue();
  }

  /** A GPU's memory, in the context that ONNX Runtime uses. */
  Gpu gpu(int ordinal) {
    call("cuInit", 0);
    PointerByReference context = new PointerByReference();
    // Never released: ONNX Runtime holds it as long as the process lives, too.
    call("cuDevicePrimaryCtxRetain", context, device(ordinal));
    return new Gpu(context.getValue());
  }

  /** Memory of one GPU. */
  final class Gpu implements DeviceMemory.RawMemory {
    private final Pointer context;

    private Gpu(Pointer context) {
      this.context = context;
    }

    @Override
    public void clear(Pointer at, long bytes) {
      call("cuCtxSetCurrent", context);
      call("cuMemsetD8_v2", at, (byte) 0, bytes);
      call("cuCtxSynchronize");
    }

    /** Waits at the end: ONNX Runtime's stream does not wait for the one that copies. */
    @Override
    public void copy(List<Pointer> buffers, long from, long to, int rows, long pitch, long length) {
      call("cuCtxSetCurrent", context);
      try (Memory parameters = new Memory(Copy2D.BYTES)) {
        for (Pointer buffer : buffers) {
          Copy2D.set(parameters, buffer.share(from), buffer.share(to), rows, pitch, length);
          // The other one refuses pitches that the driver did not choose itself.
          call("cuMemcpy2DUnaligned_v2", parameters);
        }
      }
      call("cuCtxSynchronize");
    }

    /** Bytes that are free. */
    long free() {
      call("cuCtxSetCurrent", context);
      LongByReference free = new LongByReference();
      LongByReference total = new LongByReference();
      call("cuMemGetInfo_v2", free, total);
      return free.getValue();
    }
  }

  /** CUDA_MEMCPY2D of cuda.h, on 64 bits. */
  private static final class Copy2D {
    static final int BYTES = 128;
    private static final int SOURCE_TYPE = 16;
    private static final int SOURCE = 32;
    private static final int SOURCE_PITCH = 48;
    private static final int TARGET_TYPE = 72;
    private static final int TARGET = 88;
    private static final int TARGET_PITCH = 104;
    private static final int WIDTH = 112;
    private static final int HEIGHT = 120;

    static void set(Memory at, Pointer from, Pointer to, int rows, long pitch, long length) {
      at.clear();
      at.setInt(SOURCE_TYPE, DEVICE_MEMORY);
      at.setPointer(SOURCE, from);
      at.setLong(SOURCE_PITCH, pitch);
      at.setInt(TARGET_TYPE, DEVICE_MEMORY);
      at.setPointer(TARGET, to);
      at.setLong(TARGET_PITCH, pitch);
      at.setLong(WIDTH, length);
      at.setLong(HEIGHT, rows);
    }
  }

  private void call(String name, Object... arguments) {
    Function function = library.getFunction(name);
    int error = function.invokeInt(arguments);
    if (error != 0) {
      PointerByReference text = new PointerByReference();
      library.getFunction("cuGetErrorString").invokeInt(new Object[] {error, text});
      throw new AlphaUmiException(
          "CUDA failed in "
              + name
              + " with "
              + error
              + (text.getValue() == null ? "" : " (" + text.getValue().getString(0) + ")"));
    }
  }
}
