package io.github.alphaumi.onnx;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Truth made by other implementations, which lies beside the checkout where there is any. */
final class Shared {
  private Shared() {}

  /** The folder or file of this name; without it the test is skipped. */
  static Path folder(String name) {
    Path path = Path.of(System.getProperty("alpha.umi.shared", "../shared"), name).normalize();
    assumeTrue(Files.exists(path), () -> "skipped: there is no " + path);
    return path;
  }
}
