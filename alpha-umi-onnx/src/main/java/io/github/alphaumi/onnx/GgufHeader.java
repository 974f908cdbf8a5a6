package io.github.alphaumi.onnx;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What stands before the tensor data of a GGUF file: version, metadata and a table of tensors.
 *
 * <p>Follows the GGUF specification in ggml's {@code docs/gguf.md}: magic, version, number of
 * tensors and of metadata pairs, the pairs, the table, padding to {@code general.alignment}, data.
 */
record GgufHeader(int version, Map<String, Object> metadata, List<TensorData> tensors) {

  private static final int MAGIC = 'G' | 'G' << 8 | 'U' << 16 | 'F' << 24;
  private static final int MAX_PAIRS = 1 << 16;
  private static final int MAX_TENSORS = 1 << 17;
  private static final int MAX_DIMENSIONS = 4;
  private static final int MAX_ALIGNMENT = 1 << 20;
  private static final long DEFAULT_ALIGNMENT = 32;
  // An empty key, a type number and a one-byte value.
  private static final int MIN_PAIR_BYTES = 13;
  // An empty name, the number of dimensions, a type number and an offset.
  private static final int MIN_TENSOR_BYTES = 24;

  /** A row of the table; where the data begins is known only after the last one. */
  private record Entry(String name, TensorType type, long[] shape, long offset) {}

  static GgufHeader read(MappedFile file) {
    GgufCursor in = new GgufCursor(file);
    int version = readVersion(in, file);
    int tensorCount = in.count("tensors", MAX_TENSORS, MIN_TENSOR_BYTES);
    int pairCount = in.count("metadata pairs", MAX_PAIRS, MIN_PAIR_BYTES);
    Map<String, Object> metadata = readMetadata(in, pairCount);
    long alignment = alignment(in, metadata);
    checkNotSplit(in, metadata);
    List<Entry> entries = new ArrayList<>(tensorCount);
    for (int i = 0; i < tensorCount; i++) {
      entries.add(readEntry(in, i, alignment));
    }
    long dataStart = (in.position() + alignment - 1) / alignment * alignment;
    List<TensorData> tensors = locate(file, entries, dataStart);
    return new GgufHeader(version, metadata, tensors);
  }

  private static int readVersion(GgufCursor in, MappedFile file) {
    int magic = in.int32();
    if (magic != MAGIC) {
      throw in.broken(
          "begins with bytes %08x, not with 'GGUF'%s"
              .formatted(Integer.reverseBytes(magic), file.hint()));
    }
    int version = in.int32();
    if (version == 2 || version == 3) {
      return version;
    }
    int swapped = Integer.reverseBytes(version);
    if (swapped >= 1 && swapped <= 3) {
      throw in.broken("the file is big-endian; only little-endian GGUF is supported, convert it");
    }
    throw in.broken(
        "GGUF version %s; 2 and 3 are supported, convert the model anew"
            .formatted(Integer.toUnsignedString(version)));
  }

  private static Map<String, Object> readMetadata(GgufCursor in, int count) {
    Map<String, Object> metadata = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      in.reading("metadata pair " + i);
      String key = in.name();
      in.reading("key '" + key + "'");
      if (metadata.putIfAbsent(key, GgufValueType.readTyped(in)) != null) {
        throw in.broken("occurs twice");
      }
    }
    return Collections.unmodifiableMap(metadata);
  }

  private static long alignment(GgufCursor in, Map<String, Object> metadata) {
    Object value = metadata.getOrDefault("general.alignment", DEFAULT_ALIGNMENT);
    if (!(value instanceof Long alignment)
        || alignment <= 0
        || alignment > MAX_ALIGNMENT
        || alignment % 8 != 0) {
      in.reading("key 'general.alignment'");
      throw in.broken(
          "is %s; it must be a multiple of 8 up to %d"
              .formatted(GgufValueType.nameOf(value), MAX_ALIGNMENT));
    }
    return alignment;
  }

  private static void checkNotSplit(GgufCursor in, Map<String, Object> metadata) {
    if (metadata.get("split.count") instanceof Long parts && parts > 1) {
      in.reading("key 'split.count'");
      throw in.broken(
          "the file is one of %d parts; merge them with 'llama-gguf-split --merge'"
              .formatted(parts));
    }
  }

  private static Entry readEntry(GgufCursor in, int index, long alignment) {
    in.reading("tensor " + index);
    String name = in.name();
    in.reading("tensor '" + name + "'");
    long dimensions = in.uint32();
    if (dimensions > MAX_DIMENSIONS) {
      throw in.broken(dimensions + " dimensions; at most " + MAX_DIMENSIONS + " are supported");
    }
    long[] shape = new long[(int) dimensions];
    for (int i = shape.length - 1; i >= 0; i--) {
      shape[i] = in.int64();
    }
    TensorType type = readTensorType(in);
    long offset = in.int64();
    if (offset < 0 || offset % alignment != 0) {
      throw in.broken(
          "offset %s is not a multiple of the alignment %d"
              .formatted(Long.toUnsignedString(offset), alignment));
    }
    return new Entry(name, type, shape, offset);
  }

  private static TensorType readTensorType(GgufCursor in) {
    int id = in.int32();
    TensorType type = TensorType.ofGgml(id);
    if (type == null) {
      throw in.broken(
          "ggml type %s (%s) is not supported; supported are %s, quantise the model to one of them"
              .formatted(
                  Integer.toUnsignedString(id), unsupported(id), TensorType.readableNames()));
    }
    return type;
  }

  private static String unsupported(int id) {
    return switch (id) {
      case 4, 5 -> "Q4_2 or Q4_3, removed from ggml";
      case 9 -> "Q8_1";
      case 15 -> "Q8_K";
      case 16 -> "IQ2_XXS";
      case 17 -> "IQ2_XS";
      case 18 -> "IQ3_XXS";
      case 19 -> "IQ1_S";
      case 21 -> "IQ3_S";
      case 22 -> "IQ2_S";
      case 23 -> "IQ4_XS";
      case 29 -> "IQ1_M";
      case 34 -> "TQ1_0";
      case 35 -> "TQ2_0";
      case 39 -> "MXFP4";
      default -> "unknown";
    };
  }

  private static List<TensorData> locate(MappedFile file, List<Entry> entries, long dataStart) {
    List<TensorData> tensors = new ArrayList<>(entries.size());
    for (Entry entry : entries) {
      // An offset near 2^63 would wrap around; capped, it is beyond the end of any file.
      long offset = Math.min(entry.offset, Long.MAX_VALUE - dataStart) + dataStart;
      tensors.add(new TensorData(file, entry.name, entry.type, entry.shape, offset));
    }
    TensorTable.checkDisjoint(tensors);
    return tensors;
  }
}
