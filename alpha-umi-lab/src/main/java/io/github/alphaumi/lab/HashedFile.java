package io.github.alphaumi.lab;

import com.google.common.io.CountingInputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.zip.GZIPInputStream;

/** A file that is hashed while it is read; {@code .gz} is unpacked on the way. */
final class HashedFile {
  private final MessageDigest digest = Hashes.sha256();
  private final CountingInputStream counted;
  private final InputStream content;

  HashedFile(Path file) throws IOException {
    counted =
        new CountingInputStream(
            new DigestInputStream(
                new BufferedInputStream(Files.newInputStream(file), 1 << 16), digest));
    content =
        file.getFileName().toString().endsWith(".gz")
            ? new GZIPInputStream(counted, 1 << 16)
            : counted;
  }

  InputStream content() {
    return content;
  }

  /** Bytes of the file, as it lies on the disk, that were read so far. */
  long bytesRead() {
    return counted.getCount();
  }

  /** Reads what is left, and gives the hash of the whole file. */
  String sha256() throws IOException {
    counted.transferTo(OutputStream.nullOutputStream());
    return Hashes.hex(digest);
  }
}
