package io.github.alphaumi.embedded;

import java.nio.file.Path;

/** Unpacks to the folder of the first argument in a JVM of its own. */
final class ForkedUnpacking {
  private ForkedUnpacking() {}

  public static void main(String[] arguments) {
    System.out.println(new UnpackedFiles(Path.of(arguments[0])).verified());
  }
}
