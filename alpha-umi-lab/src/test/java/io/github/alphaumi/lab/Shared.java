package io.github.alphaumi.lab;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;

/** Published data, which is not part of this repository. */
final class Shared {
  private Shared() {}

  /** A file or folder of it; without it the test is skipped. */
  static Path path(String name) {
    Path path = Path.of(System.getProperty("alpha.umi.shared", "../shared")).resolve(name);
    assumeThat(Files.exists(path)).as("published data at " + path).isTrue();
    return path;
  }
}
