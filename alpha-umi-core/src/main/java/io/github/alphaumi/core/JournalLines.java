package io.github.alphaumi.core;

import io.github.alphaumi.core.Journal.Entry;
import io.github.alphaumi.core.Journal.Failure.Reason;
import io.github.alphaumi.core.Journal.Kind;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * A log as lines of text: length of the body in bytes and its CRC-32C, both as eight hexadecimal
 * digits, then the body: kind, time and data. The first line's body is {@code JOURNAL}, the version
 * of the format and the run's id.
 *
 * <p>What a killed process leaves is a line without its end, what a machine that lost power leaves
 * may have zero bytes in it: such a tail was never promised to anyone and is dropped. Anything else
 * that does not fit its checksum is damage, also in the last line, because that one may hold the
 * intent of a tool that ran.
 */
final class JournalLines {
  private static final String HEADER = "JOURNAL";

  /** Two numbers of eight digits, each followed by a space. */
  private static final int PREFIX = 18;

  private final String name;
  private final byte[] bytes;
  private final List<Entry> entries = new ArrayList<>();
  private Optional<String> runId = Optional.empty();
  private int end;

  /**
   * Reads a file.
   *
   * @param name names it in errors
   */
  JournalLines(String name, byte[] bytes) {
    this.name = name;
    this.bytes = bytes;
    for (Optional<String> body = next(); body.isPresent(); body = next()) {
      if (runId.isEmpty()) {
        runId = Optional.of(header(body.get()));
      } else {
        entries.add(entry(body.get()));
      }
      end += PREFIX + length(end) + 1;
    }
    if (end < bytes.length && !isTornTail()) {
      throw damaged("the line does not fit its length and checksum");
    }
  }

  static byte[] header(String runId, int version) {
    return line(HEADER + " " + version + " " + runId);
  }

  static byte[] line(Kind kind, Instant at, String data) {
    return line(kind + " " + at + " " + data);
  }

  private static byte[] line(String body) {
    byte[] text = body.getBytes(StandardCharsets.UTF_8);
    byte[] prefix =
        String.format("%08x %08x ", text.length, crc(text, 0, text.length))
            .getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(prefix.length + text.length + 1)
        .put(prefix)
        .put(text)
        .put((byte) '\n')
        .array();
  }

  /** The run it belongs to, unless not even that was written. */
  Optional<String> runId() {
    return runId;
  }

  List<Entry> entries() {
    return List.copyOf(entries);
  }

  /** Where the whole lines end. */
  int end() {
    return end;
  }

  private Optional<String> next() {
    int length = length(end);
    int body = end + PREFIX;
    if (length < 0 || body + (long) length >= bytes.length || bytes[body + length] != '\n') {
      return Optional.empty();
    }
    boolean fits =
        bytes[end + 8] == ' '
            && bytes[end + 17] == ' '
            && number(end + 9) == Integer.toUnsignedLong(crc(bytes, body, length));
    return fits ? Optional.of(text(body, length)) : Optional.empty();
  }

  private static int crc(byte[] bytes, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, length);
    return (int) crc.getValue();
  }

  private int length(int at) {
    long length = number(at);
    return length > Integer.MAX_VALUE - PREFIX ? -1 : (int) length;
  }

  /** Eight lower-case hexadecimal digits, or -1. */
  private long number(int at) {
    if (at + 8 > bytes.length) {
      return -1;
    }
    long number = 0;
    for (int i = at; i < at + 8; i++) {
      int digit = Character.digit(bytes[i], 16);
      if (digit < 0 || Character.isUpperCase(bytes[i])) {
        return -1;
      }
      number = number << 4 | digit;
    }
    return number;
  }

  private String text(int from, int length) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, from, length))
          .toString();
    } catch (CharacterCodingException e) {
      throw damaged("the line is not UTF-8");
    }
  }

  private boolean isTornTail() {
    boolean lineEnd = false;
    boolean zero = false;
    for (int i = end; i < bytes.length; i++) {
      lineEnd |= bytes[i] == '\n';
      zero |= bytes[i] == 0;
    }
    return zero || !lineEnd;
  }

  private String header(String body) {
    String[] parts = body.split(" ", 3);
    if (parts.length < 3 || !parts[0].equals(HEADER) || !parts[1].matches("[0-9]{1,9}")) {
      throw damaged("this is not the head of a journal");
    }
    int version = Integer.parseInt(parts[1]);
    if (version > JournalChecks.FORMAT) {
      throw JournalChecks.newer(name, version, JournalChecks.FORMAT);
    }
    return parts[2];
  }

  private Entry entry(String body) {
    String[] parts = body.split(" ", 3);
    try {
      return new Entry(Kind.valueOf(parts[0]), Instant.parse(parts[1]), parts[2]);
    } catch (IllegalArgumentException | DateTimeParseException | ArrayIndexOutOfBoundsException e) {
      throw damaged("the line has no kind, time and data");
    }
  }

  private Journal.Failure damaged(String what) {
    return new Journal.Failure(
        Reason.DAMAGED,
        String.format(
            "%s: damaged at byte %,d of %,d, after %d entries: %s; restore the file from a copy,"
                + " or delete the run",
            name, end, bytes.length, entries.size(), what));
  }
}
