package io.github.alphaumi.onnx;

import java.math.BigInteger;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A GGUF file of version 2 or 3, little-endian: metadata and tensors, after the specification in
 * ggml's {@code docs/gguf.md}.
 *
 * <p>Opening reads the header and checks that every tensor lies within the file; tensor data is
 * read when asked for. Safe for concurrent use until closed, {@link IllegalStateException} after
 * that.
 */
final class GgufFile implements TensorSource {

  private final MappedFile file;
  private final GgufHeader header;
  private final TensorTable tensors;

  private GgufFile(MappedFile file, GgufHeader header) {
    this.file = file;
    this.header = header;
    this.tensors = new TensorTable(file.path(), header.tensors());
  }

  /**
   * @throws ModelFileException if the file is missing, corrupt or of an unsupported kind
   */
  static GgufFile open(Path file) {
    MappedFile mapped = MappedFile.open(file);
    return new GgufFile(mapped, GgufHeader.read(mapped));
  }

  /** The GGUF version, 2 or 3. */
  int version() {
    file.ensureOpen();
    return header.version();
  }

  /**
   * All metadata in the order of the file, with values as {@link GgufValueType} describes. The map
   * is unmodifiable; its arrays are shared and must not be written to.
   */
  Map<String, Object> metadata() {
    file.ensureOpen();
    return header.metadata();
  }

  /**
   * @throws ModelFileException if the key is missing or its value is not a string
   */
  String string(String key) {
    return require(key, String.class, "a string");
  }

  String string(String key, String fallback) {
    return metadata().containsKey(key) ? string(key) : fallback;
  }

  /**
   * @throws ModelFileException if the key is missing or its value is not an integer in the range of
   *     int
   */
  int integer(String key) {
    Object value = metadata().get(key);
    if (value instanceof Long number && number == number.intValue()) {
      return number.intValue();
    }
    throw unexpected(key, "an integer of 32 bits", value);
  }

  int integer(String key, int fallback) {
    return metadata().containsKey(key) ? integer(key) : fallback;
  }

  /**
   * A number of any type, as double.
   *
   * @throws ModelFileException if the key is missing or its value is not a number
   */
  double floating(String key) {
    return require(key, Number.class, "a number").doubleValue();
  }

  double floating(String key, double fallback) {
    return metadata().containsKey(key) ? floating(key) : fallback;
  }

  /**
   * @throws ModelFileException if the key is missing or its value is not a boolean
   */
  boolean bool(String key) {
    return require(key, Boolean.class, "a boolean");
  }

  boolean bool(String key, boolean fallback) {
    return metadata().containsKey(key) ? bool(key) : fallback;
  }

  /**
   * An unmodifiable list of strings; an empty array of any type is an empty list.
   *
   * @throws ModelFileException if the key is missing or its value is not an array of strings
   */
  List<String> strings(String key) {
    List<?> values = require(key, List.class, "an array of strings");
    if (values.isEmpty() || values.get(0) instanceof String) {
      return values.stream().map(String.class::cast).toList();
    }
    throw unexpected(key, "an array of strings", values);
  }

  /**
   * A new array of integers.
   *
   * @throws ModelFileException if the key is missing or its value is not an array of integers in
   *     the range of int
   */
  int[] integers(String key) {
    Object value = metadata().get(key);
    if (value instanceof int[] values) {
      return values.clone();
    }
    if (value instanceof long[] values) {
      int[] narrow = new int[values.length];
      for (int i = 0; i < narrow.length; i++) {
        narrow[i] = (int) values[i];
        if (narrow[i] != values[i]) {
          throw unexpected(key, "an array of 32-bit integers", BigInteger.valueOf(values[i]));
        }
      }
      return narrow;
    }
    throw unexpected(key, "an array of integers", value);
  }

  /**
   * A new array of floats.
   *
   * @throws ModelFileException if the key is missing or its value is not an array of float32
   */
  float[] floats(String key) {
    return require(key, float[].class, "an array of float32").clone();
  }

  @Override
  public Set<String> names() {
    file.ensureOpen();
    return tensors.names();
  }

  @Override
  public TensorData tensor(String name) {
    file.ensureOpen();
    return tensors.tensor(name);
  }

  @Override
  public boolean has(String name) {
    file.ensureOpen();
    return tensors.has(name);
  }

  @Override
  public void requireUnchanged() {
    file.requireUnchanged();
  }

  @Override
  public void close() {
    file.close();
  }

  private <T> T require(String key, Class<T> type, String expected) {
    Object value = metadata().get(key);
    if (type.isInstance(value)) {
      return type.cast(value);
    }
    throw unexpected(key, expected, value);
  }

  private ModelFileException unexpected(String key, String expected, @Nullable Object found) {
    return new ModelFileException(
        file.path(),
        "metadata key '%s' must be %s; found %s"
            .formatted(key, expected, GgufValueType.nameOf(found)));
  }
}
