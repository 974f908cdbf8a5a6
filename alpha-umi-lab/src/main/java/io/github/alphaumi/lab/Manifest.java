package io.github.alphaumi.lab;

import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.core.PythonJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What stands beside an output and says how it was made. Holds no time of day: the same work gives
 * the same manifest.
 */
final class Manifest {
  static final String ENDING = ".manifest.json";

  private Manifest() {}

  /**
   * @param details what was read and what came of it, by name
   */
  static void write(
      Path output, String command, Map<String, Object> settings, Map<String, Object> details) {
    Map<String, Object> manifest = new LinkedHashMap<>();
    manifest.put("command", command);
    manifest.put("settings", settings);
    manifest.put("version", version());
    manifest.put("java", Runtime.version().toString());
    manifest.putAll(details);
    try {
      Files.writeString(
          output.resolveSibling(output.getFileName() + ENDING),
          PythonJson.writeAscii(manifest, 2) + "\n");
    } catch (IOException e) {
      throw new AlphaUmiException("the manifest of " + output + " cannot be written: " + e, e);
    }
  }

  static String version() {
    @Nullable String version = Manifest.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
