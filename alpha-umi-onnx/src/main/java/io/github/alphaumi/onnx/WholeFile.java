package io.github.alphaumi.onnx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Files of the cache folder, which no process ever sees half written. */
final class WholeFile {
  private WholeFile() {}

  /** Fills a file, which is there already and empty. */
  @FunctionalInterface
  interface Filling {
    void fill(Path partial) throws IOException;
  }

  /** Fills a file beside the place of another one and moves it there, in its stead if need be. */
  static void write(Path file, Filling filling) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    Files.createDirectories(folder);
    Path partial = Files.createTempFile(folder, file.getFileName().toString(), ".partial");
    try {
      filling.fill(partial);
      Files.move(
          partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(partial);
    }
  }
}
