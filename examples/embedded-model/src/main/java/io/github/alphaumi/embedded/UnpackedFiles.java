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
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The model's files outside their jar. Each is written beside its place, checked and moved there,
 * so that processes that unpack at the same time do not disturb each other and a killed one leaves
 * no half file in place.
 */
final class UnpackedFiles {
  private static final long SETTLED_MILLIS = 2000;

  private final Path folder;
  private final Path verified;
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
    verified = cacheDirectory.resolve(folder.getFileName() + ".verified");
  }

  /**
   * The folder, with all files in place and as they should be. Files are hashed when they are not
   * as they were when they were last found right, by size and time of change: hashing a model takes
   * a tenth of the time of a start.
   */
  Path verified() {
    if (unchanged()) {
      return folder;
    }
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
    remember();
    return folder;
  }

  private boolean unchanged() {
    try {
      return Files.readString(verified).equals(state());
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * A file that was written less than two seconds ago could change once more without having another
   * time, so that it is hashed at the next start, too.
   */
  private void remember() {
    try {
      String state = state();
      long settled = System.currentTimeMillis() - SETTLED_MILLIS;
      for (String name : hashes.keySet()) {
        if (Files.getLastModifiedTime(folder.resolve(name)).toMillis() > settled) {
          return;
        }
      }
      Path partial = Files.createTempFile(verified.getParent(), "verified", ".partial");
      try {
        Files.writeString(partial, state);
        Files.move(
            partial, verified, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(partial);
      }
    } catch (IOException e) {
      // A folder that can be read and not written: the files are hashed at each start.
    }
  }

  private String state() throws IOException {
    StringBuilder state = new StringBuilder();
    for (String name : hashes.keySet()) {
      BasicFileAttributes file =
          Files.readAttributes(folder.resolve(name), BasicFileAttributes.class);
      state
          .append(file.size())
          .append(' ')
          .append(file.lastModifiedTime().toInstant())
          .append(' ')
          .append(file.fileKey())
          .append(' ')
          .append(name)
          .append('\n');
    }
    return state.toString();
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
