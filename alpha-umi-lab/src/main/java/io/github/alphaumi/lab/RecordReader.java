package io.github.alphaumi.lab;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a file into its records: of JSON, the members of a top-level array, or values one after the
 * other. Holds one record in memory.
 *
 * <p>Of JSON it counts brackets and quotes but does not read values, so that a record with a fault
 * inside does not end the file: a closing bracket closes what was opened with its kind, a string
 * ends at the end of its line at the latest (JSON allows no line break in one), and in a file with
 * one record a line every line stands alone.
 */
final class RecordReader implements Closeable {
  private static final int BUFFER = 1 << 16;

  private final InputStream in;
  private final Form form;
  private final int limit;
  private final byte[] buffer = new byte[BUFFER];
  private int at;
  private int filled;
  private long position;
  private byte[] open = new byte[64];
  private int depth;

  /**
   * @param limit bytes of a record that are kept
   */
  RecordReader(InputStream in, Form form, int limit) {
    this.in = in;
    this.form = form;
    this.limit = limit;
  }

  /** What a record is in a file. */
  enum Form {
    /** A value of JSON. */
    VALUE,
    /** A value of JSON in a line of its own. */
    LINE,
    /** The whole file, of a form of its own. */
    FILE
  }

  /**
   * @param bytes the record's text; its beginning where it is too large
   */
  record Raw(byte[] bytes, boolean tooLarge) {}

  /** Bytes read so far, up to the end of the newest record. */
  long position() {
    return position;
  }

  /** Passes over bytes that were read in an earlier run. */
  void skip(long bytes) throws IOException {
    for (long left = bytes; left > 0; left--) {
      if (read() < 0) {
        return;
      }
    }
  }

  /** The next record; null at the end of the file. */
  @Nullable Raw next() throws IOException {
    int c = read();
    if (form == Form.FILE) {
      return c < 0 ? null : rest(c);
    }
    while (isBetweenRecords(c)) {
      c = read();
    }
    if (c < 0) {
      return null;
    }
    Text text = new Text();
    if (c == '{') {
      object(text, c);
    } else {
      scalar(text, c);
    }
    return new Raw(text.toByteArray(), text.tooLarge);
  }

  private Raw rest(int first) throws IOException {
    Text text = new Text();
    for (int c = first; c >= 0; c = read()) {
      text.add(c);
    }
    return new Raw(text.toByteArray(), text.tooLarge);
  }

  private static boolean isBetweenRecords(int c) {
    // The byte order mark of UTF-8 is three bytes that no JSON value begins with.
    return c == '[' || c == ']' || c == ',' || c == 0xef || c == 0xbb || c == 0xbf || isSpace(c);
  }

  private static boolean isSpace(int c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
  }

  private void object(Text text, int first) throws IOException {
    depth = 0;
    boolean string = false;
    boolean escaped = false;
    for (int c = first; c >= 0; c = read()) {
      if (form == Form.LINE && c == '\n') {
        return;
      }
      if (!string && c == ']' && !isOpen((byte) '[')) {
        at--;
        position--;
        return;
      }
      text.add(c);
      if (string) {
        string = c != '\n' && (escaped || c != '"');
        escaped = !escaped && c == '\\';
      } else if (c == '"') {
        string = true;
      } else if (c == '{' || c == '[') {
        push((byte) c);
      } else if (c == '}' || c == ']') {
        pop((byte) (c == '}' ? '{' : '['));
        if (depth == 0) {
          return;
        }
      }
    }
  }

  private void scalar(Text text, int first) throws IOException {
    boolean string = first == '"';
    boolean escaped = false;
    text.add(first);
    for (int c = read(); c >= 0; c = read()) {
      boolean ends = string ? c == '\n' : c == ',' || c == ']' || isSpace(c);
      if (ends) {
        return;
      }
      text.add(c);
      if (string && c == '"' && !escaped) {
        return;
      }
      escaped = !escaped && c == '\\';
    }
  }

  private void push(byte bracket) {
    if (depth == open.length) {
      open = Arrays.copyOf(open, depth * 2);
    }
    open[depth++] = bracket;
  }

  private boolean isOpen(byte bracket) {
    for (int i = 0; i < depth; i++) {
      if (open[i] == bracket) {
        return true;
      }
    }
    return false;
  }

  private void pop(byte bracket) {
    if (isOpen(bracket)) {
      while (open[--depth] != bracket) {
        continue;
      }
    }
  }

  private int read() throws IOException {
    if (at == filled) {
      filled = in.read(buffer);
      at = 0;
      if (filled <= 0) {
        filled = 0;
        return -1;
      }
    }
    position++;
    return buffer[at++] & 0xff;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  /** What {@code ByteArrayOutputStream} does, without its lock on every byte. */
  private final class Text {
    private byte[] bytes = new byte[4096];
    private int length;
    private boolean tooLarge;

    void add(int c) {
      if (length == limit) {
        tooLarge = true;
        return;
      }
      if (length == bytes.length) {
        bytes = Arrays.copyOf(bytes, (int) Math.min(limit, length * 2L));
      }
      bytes[length++] = (byte) c;
    }

    byte[] toByteArray() {
      return Arrays.copyOf(bytes, length);
    }
  }
}
