package io.github.alphaumi.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.sun.jna.NativeLibrary;
import io.github.alphaumi.core.AlphaUmiException;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether ONNX Runtime can compute on a GPU of this machine, found out in the order of what it
 * costs: unpacking the CUDA provider takes seconds and half a gigabyte of disk, so that comes last.
 * Thread-safe; what was found holds for the life of the JVM.
 */
final class Cuda {
  /** Folders with libraries of CUDA that are not where the system looks. */
  private static final String FOLDERS_PROPERTY = "alpha.umi.cuda.path";

  /** ONNX Runtime's own: natives that are unpacked already. */
  private static final String NATIVES_PROPERTY = "onnxruntime.native.path";

  private static final int LEAST_DRIVER = 12_000;
  private static final long WORTH_A_HINT = 1000;
  private static final Logger LOG = LoggerFactory.getLogger(Cuda.class);

  /** The libraries that the CUDA provider of onnxruntime_gpu needs, in the order of their needs. */
  private static final List<String> LINUX_LIBRARIES =
      List.of("libcudart.so.12", "libcublasLt.so.12", "libcublas.so.12", "libcurand.so.10");

  private static final List<String> WINDOWS_LIBRARIES =
      List.of("cudart64_12.dll", "cublasLt64_12.dll", "cublas64_12.dll", "curand64_10.dll");

  private static final Map<Integer, String> MISSING = new ConcurrentHashMap<>();

  /** Would be unloaded with the last reference to them. */
  private static final List<NativeLibrary> KEPT = new ArrayList<>();

  private Cuda() {}

  /** What there is to be said about a GPU that can be used. */
  static String describe(int ordinal) {
    CudaDriver driver = CudaDriver.get();
    return driver == null ? "" : driver.describe(ordinal);
  }

  /** The first thing that is missing to compute on this GPU and what to do about it, or null. */
  static @Nullable String missing(int ordinal) {
    String missing =
        MISSING.computeIfAbsent(
            ordinal,
            number -> {
              String found = find(number);
              return found == null ? "" : found;
            });
    return missing.isEmpty() ? null : missing;
  }

  private static @Nullable String find(int ordinal) {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String processor = System.getProperty("os.arch");
    boolean windows = system.startsWith("windows");
    if (!(windows || system.startsWith("linux")) || !processor.matches("amd64|x86_64")) {
      return "there is a CUDA provider for Linux and Windows on x86-64 only, not for "
          + system
          + " on "
          + processor;
    }
    CudaDriver driver = CudaDriver.get();
    if (driver == null) {
      return "there is no NVIDIA driver (" + CudaDriver.libraryName() + " cannot be loaded)";
    }
    String provider =
        windows ? "onnxruntime_providers_cuda.dll" : "libonnxruntime_providers_cuda.so";
    String natives = System.getProperty(NATIVES_PROPERTY);
    boolean packed = OrtEnvironment.class.getResource(resource(windows, provider)) != null;
    boolean unpacked = natives != null && Files.exists(Path.of(natives, provider));
    if (!packed && !unpacked) {
      return "there is an NVIDIA driver, but no "
          + provider
          + ": put com.microsoft.onnxruntime:onnxruntime_gpu on the class path instead of"
          + " onnxruntime";
    }
    String unusable = driver.unusable(ordinal);
    if (unusable != null) {
      return unusable;
    }
    // Natives of the user's own may be for another CUDA than those in the artifact: only the
    // provider itself knows what it needs.
    String missing =
        unpacked ? null : missing(driver, windows ? WINDOWS_LIBRARIES : LINUX_LIBRARIES);
    return missing == null ? unloadable() : missing;
  }

  private static String resource(boolean windows, String provider) {
    return "/ai/onnxruntime/native/" + (windows ? "win-x64/" : "linux-x64/") + provider;
  }

  /** Loads what the provider needs: then it finds them, wherever they are. */
  private static @Nullable String missing(CudaDriver driver, List<String> libraries) {
    if (driver.version() < LEAST_DRIVER) {
      return String.format(
          "the NVIDIA driver is for CUDA %d.%d, needed is 12.0: update the driver",
          driver.version() / 1000, driver.version() % 1000 / 10);
    }
    for (String library : libraries) {
      try {
        keep(NativeLibrary.getInstance(inFolders(library)));
      } catch (UnsatisfiedLinkError e) {
        return library
            + " cannot be loaded: install the libraries of CUDA 12, or name the folder they are in"
            + " with -D"
            + FOLDERS_PROPERTY
            + "=FOLDER";
      }
    }
    return null;
  }

  private static void keep(NativeLibrary library) {
    synchronized (KEPT) {
      KEPT.add(library);
    }
  }

  /** Its path, where it is in one of the folders that were named; otherwise its name. */
  private static String inFolders(String library) {
    for (String folder : System.getProperty(FOLDERS_PROPERTY, "").split(File.pathSeparator)) {
      Path file = Path.of(folder, library);
      if (!folder.isBlank() && Files.exists(file)) {
        return file.toAbsolutePath().toString();
      }
    }
    return library;
  }

  /** Loads the provider, which names a library that it does not find. */
  private static @Nullable String unloadable() {
    try {
      Ort.environment();
      long start = System.nanoTime();
      try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
        options.addCUDA();
      }
      long millis = (System.nanoTime() - start) / 1_000_000;
      if (System.getProperty(NATIVES_PROPERTY) == null && millis > WORTH_A_HINT) {
        LOG.info(
            "unpacking and loading the CUDA provider took {} ms, as it does in every JVM: -D{}=FOLDER"
                + " with the libraries of onnxruntime_gpu unpacked there saves most of it",
            millis,
            NATIVES_PROPERTY);
      }
      return null;
    } catch (OrtException | AlphaUmiException e) {
      return "ONNX Runtime cannot load its CUDA provider: " + e.getMessage();
    }
  }
}
