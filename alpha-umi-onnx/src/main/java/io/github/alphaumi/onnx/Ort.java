package io.github.alphaumi.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import io.github.alphaumi.core.AlphaUmiException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way to ONNX Runtime's native library, and a count of what is open there. Thread-safe. */
final class Ort {
  private static final Logger LOG = LoggerFactory.getLogger(Ort.class);
  private static final AtomicLong OPEN = new AtomicLong();

  private Ort() {}

  /** Holds what may be loaded only once a JVM. */
  private static final class Loaded {
    static final OrtEnvironment ENVIRONMENT = load();

    private static OrtEnvironment load() {
      OrtEnvironment environment =
          OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "alpha-umi");
      keepPastShutdown();
      leaveNoFolder();
      return environment;
    }

    /**
     * ONNX Runtime unpacks its libraries into a temporary folder and leaves that behind, empty or
     * not. What Linux and macOS have loaded can be deleted; on Windows it stays.
     */
    private static void leaveNoFolder() {
      try {
        Field folder =
            Class.forName("ai.onnxruntime.OnnxRuntime").getDeclaredField("tempDirectory");
        folder.setAccessible(true);
        if (folder.get(null) instanceof Path path) {
          Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(path), "alpha-umi cleanup"));
        }
      } catch (ReflectiveOperationException | RuntimeException e) {
        LOG.debug("ONNX Runtime's temporary folder is left behind", e);
      }
    }

    private static void delete(Path folder) {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : (Iterable<Path>) files::iterator) {
          Files.deleteIfExists(file);
        }
        Files.deleteIfExists(folder);
      } catch (IOException | UncheckedIOException e) {
        // It is a temporary folder, and there is nobody left to tell.
      }
    }

    /**
     * ONNX Runtime's shutdown hook releases the environment while other threads may be inside a
     * run, which then crash the JVM (onnxruntime issue 31352). The native environment is reference
     * counted and a second handle, never released, keeps it: the process ends around it.
     */
    private static void keepPastShutdown() {
      try {
        Field api = Class.forName("ai.onnxruntime.OnnxRuntime").getDeclaredField("ortApiHandle");
        api.setAccessible(true);
        Method create =
            OrtEnvironment.class.getDeclaredMethod(
                "createHandle", long.class, int.class, String.class);
        create.setAccessible(true);
        create.invoke(
            null, api.getLong(null), OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR.getValue(), "hold");
      } catch (ReflectiveOperationException | RuntimeException e) {
        LOG.warn(
            "this version of ONNX Runtime does not let its environment be held: ending the JVM"
                + " during inference may crash it; close models first ({})",
            e.toString());
      }
    }
  }

  /**
   * @throws AlphaUmiException if there is no native library, or not the right one
   */
  static OrtEnvironment environment() {
    try {
      return Loaded.ENVIRONMENT;
    } catch (LinkageError | RuntimeException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new AlphaUmiException(
          String.format(
              "ONNX Runtime cannot be loaded on %s %s with Java %s (%s): put"
                  + " com.microsoft.onnxruntime:onnxruntime (Linux and Windows x86-64, macOS and"
                  + " Linux ARM) or onnxruntime_gpu (Linux and Windows x86-64) on the class path,"
                  + " one of them and in one version, and make sure that %s can be written",
              System.getProperty("os.name"),
              System.getProperty("os.arch"),
              System.getProperty("java.version"),
              cause,
              System.getProperty("java.io.tmpdir")),
          e);
    }
  }

  /** Counts a native object as open. */
  static void opened() {
    OPEN.incrementAndGet();
  }

  static void closed() {
    OPEN.decrementAndGet();
  }

  /** Sessions, adapters and tensors that are open in this JVM. */
  static long open() {
    return OPEN.get();
  }

  /** A failed native call that no caller can do anything about. */
  static AlphaUmiException failure(String doing, OrtException e) {
    return new AlphaUmiException("ONNX Runtime failed while " + doing + ": " + e.getMessage(), e);
  }

  static ByteBuffer direct(long bytes) {
    return ByteBuffer.allocateDirect(Math.toIntExact(bytes)).order(ByteOrder.nativeOrder());
  }

  /** A tensor over the buffer's memory: what is written to the one is in the other. */
  static OnnxTensor tensor(FloatBuffer values, long... shape) {
    return counted(() -> OnnxTensor.createTensor(environment(), values, shape));
  }

  static OnnxTensor tensor(LongBuffer values, long... shape) {
    return counted(() -> OnnxTensor.createTensor(environment(), values, shape));
  }

  static OnnxTensor tensor(IntBuffer values, long... shape) {
    return counted(() -> OnnxTensor.createTensor(environment(), values, shape));
  }

  /** A tensor of 16-bit floats. */
  static OnnxTensor halves(ShortBuffer values, long... shape) {
    return counted(
        () -> OnnxTensor.createTensor(environment(), values, shape, OnnxJavaType.FLOAT16));
  }

  @FunctionalInterface
  private interface TensorMaker {
    OnnxTensor make() throws OrtException;
  }

  private static OnnxTensor counted(TensorMaker maker) {
    try {
      OnnxTensor tensor = maker.make();
      opened();
      return tensor;
    } catch (OrtException e) {
      throw failure("making a tensor", e);
    }
  }

  static void close(OnnxTensor tensor) {
    tensor.close();
    closed();
  }
}
