package io.github.alphaumi.onnx;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads the primitives of a GGUF header in sequence and refuses whatever the file cannot contain:
 * every read is checked against the bytes that are left, every count against the space its elements
 * need at least, so memory stays proportional to the header. For one thread.
 */
final class GgufCursor {

  /** Vocabularies of 256k tokens with their merges make headers of about 20 MiB. */
  private static final int MAX_HEADER_BYTES = 256 << 20;

  private static final int MAX_NAME_BYTES = 65_535;

  private final MappedFile file;
  private final ByteBuffer header;
  private String subject = "header";

  GgufCursor(MappedFile file) {
    this.file = file;
    this.header = file.slice(0, (int) Math.min(file.size(), MAX_HEADER_BYTES));
  }

  /** Says what is read from here on, for messages. */
  void reading(String newSubject) {
    this.subject = newSubject;
  }

  int position() {
    return header.position();
  }

  int int8() {
    require(1);
    return header.get();
  }

  int int16() {
    require(2);
    return header.getShort();
  }

  int int32() {
    require(4);
    return header.getInt();
  }

  long uint32() {
    return Integer.toUnsignedLong(int32());
  }

  long int64() {
    require(8);
    return header.getLong();
  }

  float float32() {
    require(4);
    return header.getFloat();
  }

  double float64() {
    require(8);
    return header.getDouble();
  }

  boolean bool() {
    int value = int8();
    if (value != 0 && value != 1) {
      throw broken("boolean is the byte " + (value & 255) + "; it must be 0 or 1");
    }
    return value == 1;
  }

  /** A key or the name of a tensor, which the specification limits. */
  String name() {
    return text(MAX_NAME_BYTES);
  }

  String string() {
    return text(Integer.MAX_VALUE);
  }

  /** UTF-8 with a length before it. */
  private String text(int limit) {
    byte[] bytes = new byte[count("bytes of text", limit, 1)];
    header.get(bytes);
    String text = new String(bytes, StandardCharsets.UTF_8);
    // The decoder puts U+FFFD where the bytes are not UTF-8, so only texts with one need a check.
    if (text.indexOf('\ufffd') >= 0
        && !Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes)) {
      throw broken("text is not valid UTF-8");
    }
    return text;
  }

  /**
   * An unsigned 64-bit count of things to follow.
   *
   * @param minimumBytes the least space that each of them takes in the file
   */
  int count(String things, int limit, int minimumBytes) {
    long count = int64();
    if (count < 0 || count > limit) {
      throw broken(
          "%s %s announced; at most %d are supported"
              .formatted(Long.toUnsignedString(count), things, limit));
    }
    if (count * minimumBytes > header.remaining()) {
      throw broken(
          "%d %s announced, more than the %s can hold".formatted(count, things, remainder()));
    }
    return (int) count;
  }

  ModelFileException broken(String problem) {
    return new ModelFileException(file.path(), subject + ": " + problem);
  }

  private void require(int bytes) {
    if (header.remaining() < bytes) {
      throw broken("ends early, with only the " + remainder() + " left; get the file again");
    }
  }

  private String remainder() {
    String limit =
        file.size() > header.limit() ? " of the largest supported header" : " of the file";
    return "last " + header.remaining() + " bytes" + limit;
  }
}
