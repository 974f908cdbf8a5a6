package io.github.alphaumi.embedded;

import com.google.common.hash.Hashing;
import com.google.common.io.ByteSource;
import com.google.common.io.MoreFiles;
import com.google.common.io.Resources;
import io.github.alphaumi.core.AlphaUmiException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The model's files outside their jar. Each is written beside its place, checked and moved there,
 * so that processes that unpack at the same time do not disturb each other and a killed one leaves
 * no half file in place.
 */
final class UnpackedFiles {
  private final Path folder;
  private final Map<String, String> hashes = new LinkedHashMap<>();

  UnpackedFiles(Path cacheDirectory) {
    List<String> lines;
    try {
      lines =
          Resources.readLines(
              Resources.getResource(getClass(), "files.sha256"), StandardCharsets.UTF_8);
    } catch (IOException | IllegalArgumentException e) {
      throw new AlphaUmiException("the jar of the embedded model is damaged: " + e, e);
    }
    for (String line : lines) {
      hashes.put(line.substring(66), line.substring(0, 64));
    }
    String revision =
        Hashing.sha256().hashString(String.join("\n", lines), StandardCharsets.UTF_8).toString();
    folder = cacheDirectory.resolve("embedded-" + revision.substring(0, 16));
  }

  /** The folder, with all files in place and as they should be. */
  Path verified() {
    hashes.forEach(
        (name, hash) -> {
          Path file = folder.resolve(name);
          try {
            if (!Files.isRegularFile(file) || !sha256(MoreFiles.asByteSource(file)).equals(hash)) {
              unpack(name, hash, file);
            }
          } catch (IOException e) {
            throw new AlphaUmiException(
                "the embedded model cannot be unpacked to "
                    + file
                    + ": "
                    + e
                    + "; free 400 MB of disk space, or choose another folder with"
                    + " -Dalpha.umi.cache=FOLDER",
                e);
          }
        });
    return folder;
  }

  private void unpack(String name, String hash, Path file) throws IOException {
    ByteSource resource = Resources.asByteSource(Resources.getResource(getClass(), name));
    Files.createDirectories(file.getParent());
    Path partial =
        Files.createTempFile(file.getParent(), file.getFileName().toString(), ".partial");
    try {
      resource.copyTo(MoreFiles.asByteSink(partial));
      if (!sha256(MoreFiles.asByteSource(partial)).equals(hash)) {
        throw new AlphaUmiException(
            "the jar of the embedded model is damaged: "
                + name
                + " has another hash than "
                + hash
                + "; get it again");
      }
      Files.move(
          partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  private static String sha256(ByteSource source) throws IOException {
    return source.hash(Hashing.sha256()).toString();
  }
}
