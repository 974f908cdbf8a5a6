package io.github.alphaumi.onnx;

import com.google.common.hash.HashCode;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hashes of whole files, remembered in the cache folder: a model of gigabytes is read once and not
 * at each start.
 *
 * <p>What is remembered holds for a path while size, time of change, the file's key and samples of
 * its content stay as they were. A file that was changed less than two seconds before it was hashed
 * is not remembered: a change after that could have the same time.
 */
final class ContentHashes {
  private static final Logger LOG = LoggerFactory.getLogger(ContentHashes.class);
  private static final long SETTLED_MILLIS = 2000;
  private static final int SAMPLES = 64;
  private static final int SAMPLE_BYTES = 4096;

  private final Path folder;

  ContentHashes(Path cacheDirectory) {
    folder = cacheDirectory.resolve("hashes");
  }

  /** The SHA-256 of a file's content. */
  HashCode of(Path file) throws IOException {
    Path real = file.toRealPath();
    String state = state(real);
    Path memory = folder.resolve(sha256(real.toString()) + ".txt");
    HashCode remembered = remembered(memory, state);
    if (remembered != null) {
      return remembered;
    }
    HashCode hash = com.google.common.io.Files.asByteSource(real.toFile()).hash(Hashing.sha256());
    long age = System.currentTimeMillis() - Files.getLastModifiedTime(real).toMillis();
    if (age > SETTLED_MILLIS && state.equals(state(real))) {
      remember(memory, state + "\n" + hash);
    }
    return hash;
  }

  private static @Nullable HashCode remembered(Path memory, String state) {
    try {
      String[] lines = Files.readString(memory).split("\n", -1);
      return lines.length == 2 && lines[0].equals(state) && lines[1].matches("[0-9a-f]{64}")
          ? HashCode.fromString(lines[1])
          : null;
    } catch (IOException e) {
      return null;
    }
  }

  /** Without a place to remember in, the next start reads the file again. */
  private static void remember(Path memory, String text) {
    try {
      WholeFile.write(memory, partial -> Files.writeString(partial, text));
    } catch (IOException e) {
      LOG.debug("the hash of a model's file is not remembered: {}", e.toString());
    }
  }

  private static String state(Path file) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    return String.join(
        " ",
        Long.toString(attributes.size()),
        attributes.lastModifiedTime().toInstant().toString(),
        String.valueOf(attributes.fileKey()),
        samples(file, attributes.size()));
  }

  private static String samples(Path file, long size) throws IOException {
    Hasher hasher = Hashing.sha256().newHasher();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer sample = ByteBuffer.allocate(SAMPLE_BYTES);
      for (int i = 0; i < SAMPLES; i++) {
        long room = Math.max(0, size - SAMPLE_BYTES);
        channel.read(sample.clear(), room * i / (SAMPLES - 1));
        hasher.putBytes(sample.flip());
      }
    }
    return hasher.hash().toString();
  }

  private static String sha256(String text) {
    return Hashing.sha256().hashString(text, StandardCharsets.UTF_8).toString();
  }
}
