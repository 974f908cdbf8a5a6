package io.github.alphaumi.onnx;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Finds fixtures made by other implementations; tests that need absent ones are skipped. */
final class ModelFixtures {

  private ModelFixtures() {}

  /** A folder below {@code fixtures} in the directory that {@code alpha.umi.shared} names. */
  static Path folder(String name) {
    String shared = System.getProperty("alpha.umi.shared");
    assumeTrue(shared != null, "skipped: system property alpha.umi.shared is not set");
    Path folder = Path.of(shared, "fixtures", name);
    assumeTrue(Files.isDirectory(folder), () -> "skipped: no fixtures at " + folder);
    return folder;
  }
}
