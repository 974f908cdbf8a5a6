package io.github.alphaumi.lab.train;

import com.sun.jna.NativeLibrary;
import java.util.Map;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.Context;
import org.bytedeco.pytorch.global.torch;

/** The native libraries of PyTorch, and how they use threads and memory. */
final class Natives {

  private static final int M_TRIM_THRESHOLD = -1;
  private static final int M_MMAP_THRESHOLD = -3;
  private static final int M_ARENA_MAX = -8;

  private Natives() {}

  /**
   * Loads the libraries, once per process.
   *
   * @param threads that one worker computes a matrix product with
   * @throws IllegalStateException if there are none for this machine
   */
  static synchronized void load(int threads) {
    // Its own bound on native memory is that of the Java heap, which has nothing to do with ours.
    System.setProperty("org.bytedeco.javacpp.maxbytes", "0");
    System.setProperty("org.bytedeco.javacpp.maxphysicalbytes", "0");
    keepMemory();
    try {
      Loader.load(torch.class);
    } catch (LinkageError e) {
      throw new IllegalStateException(
          "no PyTorch natives for "
              + System.getProperty("os.name")
              + " "
              + System.getProperty("os.arch")
              + " ("
              + e.getMessage()
              + "); keep the folder lib beside umi.jar, or put org.bytedeco:pytorch, openblas and"
              + " javacpp with the classifier of this platform on the class path",
          e);
    }
    // PyTorch's own setting does not reach OpenBLAS, whose threads get into the way of each other
    // as soon as several workers call it.
    for (Map.Entry<String, String> library : Loader.getLoadedLibraries().entrySet()) {
      if (library.getKey().matches("openblas(@.*)?")) {
        NativeLibrary.getInstance(library.getValue())
            .getFunction("openblas_set_num_threads")
            .invokeVoid(new Object[] {threads});
      }
    }
  }

  /**
   * Memory that was freed is used again instead of given back: each pack needs the same, and fresh
   * pages from the kernel cost more than what is computed in them.
   */
  private static void keepMemory() {
    if (!System.getProperty("os.name").equals("Linux")) {
      return;
    }
    try {
      var mallopt = NativeLibrary.getInstance("c").getFunction("mallopt");
      mallopt.invokeInt(new Object[] {M_ARENA_MAX, 1});
      mallopt.invokeInt(new Object[] {M_MMAP_THRESHOLD, 1 << 25});
      mallopt.invokeInt(new Object[] {M_TRIM_THRESHOLD, Integer.MAX_VALUE});
    } catch (UnsatisfiedLinkError e) {
      // Another C library than glibc: slower, not wrong.
    }
  }

  /** Settings that PyTorch and the processor have per thread. */
  static void ofThisThread(int threads) {
    torch.set_num_threads(threads);
    Context.setFlushDenormal(true);
  }

  /** Gives a thread of others back as it was. */
  static void leaveThisThread() {
    Context.setFlushDenormal(false);
  }
}
