package io.github.alphaumi.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import com.sun.jna.Function;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.onnx.OnnxGraph.ElementType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of ONNX Runtime's C interface (onnxruntime_c_api.h) that its Java classes leave out:
 * memory on a device, and tensors over it. Thread-safe.
 *
 * <p>The interface is a table of functions that only ever grows at its end, so that a function's
 * place is the same in all later versions. The table and the handles of Java's objects are private
 * there and taken by reflection; where a version has them elsewhere, {@link #get} says so.
 */
final class OrtApi {
  /** The youngest function that is used here came with 1.8. */
  private static final int LEAST_MINOR = 8;

  private static final int GET_ERROR_MESSAGE = 2;
  private static final int CREATE_TENSOR = 48;
  private static final int CREATE_TENSOR_WITH_DATA = 49;
  private static final int GET_TENSOR_DATA = 51;
  private static final int CREATE_MEMORY_INFO = 68;
  private static final int RELEASE_STATUS = 93;
  private static final int RELEASE_MEMORY_INFO = 94;
  private static final int RELEASE_VALUE = 96;
  private static final int CREATE_ALLOCATOR = 131;
  private static final int RELEASE_ALLOCATOR = 132;

  private static final int DEVICE_ALLOCATOR = 0;
  private static final int DEFAULT_MEMORY = 0;

  private final Pointer table;
  private final Field sessionHandle;
  private final Constructor<OnnxTensor> tensorOfHandle;
  private final Constructor<TensorInfo> infoOfTensor;

  private OrtApi() {
    String version = Ort.environment().getVersion();
    requireKnown(version);
    try {
      Field handle = Class.forName("ai.onnxruntime.OnnxRuntime").getDeclaredField("ortApiHandle");
      handle.setAccessible(true);
      table = new Pointer(handle.getLong(null));
      sessionHandle = OrtSession.class.getDeclaredField("nativeHandle");
      sessionHandle.setAccessible(true);
      tensorOfHandle =
          OnnxTensor.class.getDeclaredConstructor(long.class, long.class, TensorInfo.class);
      tensorOfHandle.setAccessible(true);
      infoOfTensor =
          TensorInfo.class.getDeclaredConstructor(
              long[].class, OnnxJavaType.class, TensorInfo.OnnxTensorType.class);
      infoOfTensor.setAccessible(true);
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw new AlphaUmiException(
          "ONNX Runtime "
              + version
              + " does not let its C interface be used ("
              + e
              + "): use the version that alpha-umi-onnx asks for, on the class path rather than the"
              + " module path, or Device.cpu()",
          e);
    }
  }

  private static void requireKnown(String version) {
    Matcher numbers = Pattern.compile("1\\.(\\d+)\\..*").matcher(version);
    if (!numbers.matches() || Integer.parseInt(numbers.group(1)) < LEAST_MINOR) {
      throw new AlphaUmiException(
          "ONNX Runtime "
              + version
              + " has a C interface that is not known here: use the version that alpha-umi-onnx asks"
              + " for, or Device.cpu()");
    }
  }

  private static final class Loaded {
    static final OrtApi API = new OrtApi();
  }

  /**
   * @throws AlphaUmiException if this version of ONNX Runtime does not let it be used
   */
  static OrtApi get() {
    try {
      return Loaded.API;
    } catch (ExceptionInInitializerError e) {
      if (e.getCause() instanceof AlphaUmiException cause) {
        throw cause;
      }
      throw e;
    }
  }

  /**
   * Says where memory is.
   *
   * @param name as in onnxruntime's allocator.h: {@code Cpu}, {@code Cuda}
   */
  Pointer memoryInfo(String name, int device) {
    return made(CREATE_MEMORY_INFO, name, DEVICE_ALLOCATOR, device, DEFAULT_MEMORY);
  }

  void releaseMemoryInfo(Pointer info) {
    function(RELEASE_MEMORY_INFO).invokeVoid(new Object[] {info});
  }

  /** What gives a session memory of this kind. */
  Pointer allocator(OrtSession session, Pointer memoryInfo) {
    try {
      return made(CREATE_ALLOCATOR, new Pointer(sessionHandle.getLong(session)), memoryInfo);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  void releaseAllocator(Pointer allocator) {
    function(RELEASE_ALLOCATOR).invokeVoid(new Object[] {allocator});
  }

  /** A tensor with memory of its own, which is not cleared. */
  Pointer tensor(Pointer allocator, ElementType type, long... shape) {
    return made(CREATE_TENSOR, allocator, shape, (long) shape.length, type.code);
  }

  void releaseTensor(Pointer tensor) {
    function(RELEASE_VALUE).invokeVoid(new Object[] {tensor});
  }

  /** Where a tensor's elements are: an address of its device. */
  Pointer data(Pointer tensor) {
    return made(GET_TENSOR_DATA, tensor);
  }

  /** A tensor over memory that stays another's; closing it frees nothing but itself. */
  OnnxTensor over(Pointer memoryInfo, Pointer data, ElementType type, long... shape) {
    long bytes = type.bytes;
    for (long dimension : shape) {
      bytes *= dimension;
    }
    Pointer value =
        made(
            CREATE_TENSOR_WITH_DATA,
            memoryInfo,
            data,
            bytes,
            shape,
            (long) shape.length,
            type.code);
    try {
      OnnxJavaType javaType =
          type == ElementType.FLOAT16 ? OnnxJavaType.FLOAT16 : OnnxJavaType.FLOAT;
      TensorInfo info =
          infoOfTensor.newInstance(
              shape.clone(), javaType, TensorInfo.OnnxTensorType.mapFromJavaType(javaType));
      OnnxTensor tensor = tensorOfHandle.newInstance(Pointer.nativeValue(value), 0L, info);
      Ort.opened();
      return tensor;
    } catch (ReflectiveOperationException e) {
      releaseTensor(value);
      throw new IllegalStateException(e);
    }
  }

  private Function function(int index) {
    return Function.getFunction(table.getPointer((long) Native.POINTER_SIZE * index));
  }

  /** Calls a function whose last parameter takes what it makes. */
  private Pointer made(int index, Object... arguments) {
    PointerByReference result = new PointerByReference();
    Object[] all = Arrays.copyOf(arguments, arguments.length + 1);
    all[arguments.length] = result;
    Pointer status = function(index).invokePointer(all);
    if (status != null) {
      String message =
          function(GET_ERROR_MESSAGE).invokePointer(new Object[] {status}).getString(0);
      function(RELEASE_STATUS).invokeVoid(new Object[] {status});
      throw new AlphaUmiException("ONNX Runtime failed in its C interface: " + message);
    }
    return result.getValue();
  }
}
