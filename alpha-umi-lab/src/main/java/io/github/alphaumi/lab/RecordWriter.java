package io.github.alphaumi.lab;

import com.google.common.io.ByteStreams;
import io.github.alphaumi.core.PythonJson;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * One output file of records, written under another name until it is whole. Where the name ends in
 * {@code .jsonl} each record is a line, otherwise the file is what Python's {@code json.dump(list,
 * file, indent=n)} writes.
 */
final class RecordWriter implements Closeable {
  private final Path target;
  private final int indent;
  private final boolean lines;
  private final MessageDigest digest = Hashes.sha256();
  private final OutputStream out;
  private long records;
  private long bytes;

  /**
   * @param bytes how much of the unfinished file counts; the rest is of a run that was killed
   */
  RecordWriter(Path target, int indent, long records, long bytes) throws IOException {
    this.target = target;
    this.indent = indent;
    this.lines = isLines(target);
    this.records = records;
    this.bytes = bytes;
    Path part = part(target);
    if (bytes == 0) {
      Files.deleteIfExists(part);
    } else {
      keep(part, bytes);
    }
    out =
        new BufferedOutputStream(
            new DigestOutputStream(
                Files.newOutputStream(part, StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                digest),
            1 << 16);
  }

  static Path part(Path target) {
    return target.resolveSibling(target.getFileName() + ".part");
  }

  private void keep(Path part, long length) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(part.toFile(), "rw")) {
      if (file.length() < length) {
        throw new IOException(
            part + " is shorter than when its work was interrupted; delete it to start again");
      }
      file.setLength(length);
    }
    try (InputStream in = new BufferedInputStream(Files.newInputStream(part));
        OutputStream sink = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
      ByteStreams.copy(in, sink);
    }
  }

  void write(@Nullable Object record) throws IOException {
    if (lines) {
      put(PythonJson.write(record) + "\n");
    } else {
      put((records == 0 ? "[" : ",") + indented(record, indent));
    }
    records++;
  }

  /** Writes records that were laid out by {@link #layOut}, as many as there are in the file. */
  void append(Path laidOut, long count) throws IOException {
    if (count == 0) {
      return;
    }
    try (InputStream in = Files.newInputStream(laidOut)) {
      if (!lines && records == 0) {
        in.skipNBytes(1);
        put("[");
      }
      bytes += ByteStreams.copy(in, out);
    }
    records += count;
  }

  /** A record with what stands before it where another one came first. */
  static String layOut(Path target, int indent, @Nullable Object record) {
    return isLines(target) ? PythonJson.write(record) + "\n" : "," + indented(record, indent);
  }

  private static boolean isLines(Path target) {
    return target.getFileName().toString().endsWith(".jsonl");
  }

  private static String indented(@Nullable Object record, int indent) {
    // No text of JSON holds a line break, so each one here is of the layout.
    String margin = "\n" + " ".repeat(indent);
    return margin + PythonJson.writeAscii(record, indent).replace("\n", margin);
  }

  /** Writes what closes the file. */
  void end() throws IOException {
    if (!lines) {
      put(records == 0 ? "[]" : "\n]");
    }
    out.close();
  }

  private void put(String text) throws IOException {
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    out.write(encoded);
    bytes += encoded.length;
  }

  void flush() throws IOException {
    out.flush();
  }

  Path target() {
    return target;
  }

  long records() {
    return records;
  }

  long bytes() {
    return bytes;
  }

  /** Hash of the whole file, once it is ended. */
  String sha256() {
    return Hashes.hex(digest);
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
