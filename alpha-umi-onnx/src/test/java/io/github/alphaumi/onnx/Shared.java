package io.github.alphaumi.onnx;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Truth made by other implementations, and models. It lies beside the checkout where there is any,
 * or where the system property {@code alpha.umi.shared} says.
 */
final class Shared {
  private static final Path ROOT = Path.of(System.getProperty("alpha.umi.shared", "../shared"));

  private Shared() {}

  /** The folder or file of this name; without it the test is skipped. */
  static Path path(String name) {
    Path path = ROOT.resolve(name).normalize();
    assumeTrue(
        Files.exists(path),
        () -> "skipped: there is no " + path + "; -Dalpha.umi.shared=FOLDER names another place");
    return path;
  }

  /** Whether there is a folder or file of this name. */
  static boolean has(String name) {
    return Files.exists(ROOT.resolve(name));
  }
}
