package io.github.alphaumi.onnx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file of any size, mapped read-only into memory.
 *
 * <p>A buffer spans less than 2 GiB, so the file is mapped in windows that begin every gibibyte and
 * are twice as long: every slice of up to a gibibyte lies within one. Java 17 has no way to unmap;
 * {@link #close()} drops the windows and the garbage collector unmaps them once no slice is left.
 * No file handle is held, because a thread interrupted while it uses a shared channel would close
 * it for all others. The file must not be shortened while it is in use.
 *
 * <p>Safe for concurrent use until closed.
 */
final class MappedFile {

  private static final long STRIDE = 1L << 30;
  private static final long MAX_SIZE = 1L << 43; // sparse files can claim any size
  private static final String LFS_START = "version https://git-lfs";

  private final Path path;
  private final long size;
  private final String state;
  private volatile ByteBuffer @Nullable [] windows;

  private MappedFile(Path path, long size, String state, ByteBuffer[] windows) {
    this.path = path;
    this.size = size;
    this.state = state;
    this.windows = windows;
  }

  /**
   * @throws ModelFileException if this is not a readable regular file
   */
  static MappedFile open(Path path) {
    if (!Files.isRegularFile(path)) {
      throw new ModelFileException(
          path, Files.exists(path) ? "is not a regular file" : "does not exist");
    }
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      String state = state(path);
      long size = channel.size();
      if (size > MAX_SIZE) {
        throw new ModelFileException(path, size + " bytes are more than the supported " + MAX_SIZE);
      }
      ByteBuffer[] windows = new ByteBuffer[(int) ((size + STRIDE - 1) / STRIDE)];
      for (int i = 0; i < windows.length; i++) {
        long from = i * STRIDE;
        windows[i] = channel.map(MapMode.READ_ONLY, from, Math.min(size - from, Integer.MAX_VALUE));
      }
      return new MappedFile(path, size, state, windows);
    } catch (IOException e) {
      throw new ModelFileException(path, "cannot be read: " + e, e);
    }
  }

  Path path() {
    return path;
  }

  long size() {
    return size;
  }

  /**
   * A little-endian, read-only, direct buffer over {@code length} bytes; no bytes are copied.
   *
   * @throws IndexOutOfBoundsException if the range is not within the file
   * @throws IllegalStateException after {@link #close()}
   */
  ByteBuffer slice(long from, int length) {
    ByteBuffer[] open = windows();
    Objects.checkFromIndexSize(from, (long) length, size);
    if (length == 0) {
      return ByteBuffer.allocateDirect(0).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }
    ByteBuffer window = open[(int) (from / STRIDE)];
    int start = (int) (from % STRIDE);
    if (length > window.limit() - start) {
      return mapAlone(from, length);
    }
    return window.slice(start, length).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** What changes with the content, or with another file in this one's place. */
  private static String state(Path path) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
    return String.join(
        " ",
        Long.toString(attributes.size()),
        attributes.lastModifiedTime().toInstant().toString(),
        String.valueOf(attributes.fileKey()));
  }

  /**
   * @throws ModelFileException if the file was written to, replaced or deleted since it was opened
   */
  void requireUnchanged() {
    try {
      if (!state(path).equals(state)) {
        throw new ModelFileException(
            path, "was changed while it was loaded; load it again when it is complete");
      }
    } catch (IOException e) {
      throw new ModelFileException(path, "was taken away while it was loaded: " + e, e);
    }
  }

  /**
   * @throws IllegalStateException after {@link #close()}
   */
  void ensureOpen() {
    windows();
  }

  void close() {
    windows = null;
  }

  /** What a user probably has instead of a model file, judged by its first bytes; often empty. */
  String hint() {
    ByteBuffer start = slice(0, (int) Math.min(size, LFS_START.length()));
    String text = StandardCharsets.ISO_8859_1.decode(start).toString();
    return text.equals(LFS_START)
        ? "; this is a Git LFS pointer, get the file itself with 'git lfs pull'"
        : "";
  }

  private ByteBuffer[] windows() {
    ByteBuffer[] open = windows;
    if (open == null) {
      throw new IllegalStateException(path + " has been closed");
    }
    return open;
  }

  /** For a slice of more than a gibibyte that goes beyond the end of its window. */
  private ByteBuffer mapAlone(long from, int length) {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      if (channel.size() != size) {
        throw new ModelFileException(path, "has changed since it was opened");
      }
      return channel.map(MapMode.READ_ONLY, from, length).order(ByteOrder.LITTLE_ENDIAN);
    } catch (IOException e) {
      throw new ModelFileException(path, "cannot be read: " + e, e);
    }
  }
}
