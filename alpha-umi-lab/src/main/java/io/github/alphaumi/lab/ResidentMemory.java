package io.github.alphaumi.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** Memory that this process has in use, natives and mapped files included. */
final class ResidentMemory {
  private ResidentMemory() {}

  /** In bytes; empty where neither Linux's proc file system nor {@code ps} tells. */
  static OptionalLong bytes() {
    Path status = Path.of("/proc/self/status");
    try {
      if (Files.exists(status)) {
        for (String line : Files.readAllLines(status)) {
          if (line.startsWith("VmRSS:")) {
            return kilobytes(line.replaceAll("\\D", ""));
          }
        }
      }
      Process ps =
          new ProcessBuilder("ps", "-o", "rss=", "-p", Long.toString(ProcessHandle.current().pid()))
              .redirectErrorStream(true)
              .start();
      return kilobytes(
          new String(ps.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip());
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  private static OptionalLong kilobytes(String number) {
    return number.matches("\\d{1,15}")
        ? OptionalLong.of(1024 * Long.parseLong(number))
        : OptionalLong.empty();
  }
}
