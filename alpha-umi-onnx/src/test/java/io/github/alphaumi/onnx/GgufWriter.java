package io.github.alphaumi.onnx;

import java.util.function.Consumer;

/** Writes small GGUF files, also invalid ones. Type numbers are those of the format. */
final class GgufWriter {

  static final int UINT8 = 0;
  static final int INT8 = 1;
  static final int UINT16 = 2;
  static final int INT16 = 3;
  static final int UINT32 = 4;
  static final int INT32 = 5;
  static final int FLOAT32 = 6;
  static final int BOOL = 7;
  static final int STRING = 8;
  static final int ARRAY = 9;
  static final int UINT64 = 10;
  static final int INT64 = 11;
  static final int FLOAT64 = 12;

  private final ByteWriter pairs = new ByteWriter();
  private final ByteWriter table = new ByteWriter();
  private final ByteWriter data = new ByteWriter();
  private long version = 3;
  private long alignment = 32;
  private long pairCount;
  private long tensorCount;

  GgufWriter version(long newVersion) {
    this.version = newVersion;
    return this;
  }

  /** Pads as if the alignment were this; the key has to be written separately. */
  GgufWriter padTo(long newAlignment) {
    this.alignment = newAlignment;
    return this;
  }

  GgufWriter pairsAnnounced(long count) {
    this.pairCount = count;
    return this;
  }

  GgufWriter tensorsAnnounced(long count) {
    this.tensorCount = count;
    return this;
  }

  GgufWriter pair(String key, int type, Consumer<ByteWriter> value) {
    pairs.string(key).u32(type);
    value.accept(pairs);
    pairCount++;
    return this;
  }

  GgufWriter array(String key, int elementType, long count, Consumer<ByteWriter> elements) {
    return pair(key, ARRAY, out -> elements.accept(out.u32(elementType).u64(count)));
  }

  GgufWriter string(String key, String value) {
    return pair(key, STRING, out -> out.string(value));
  }

  /** Appends a tensor; dimensions are in GGUF's order, innermost first. */
  GgufWriter tensor(String name, int type, byte[] bytes, long... dimensions) {
    pad(data, data.size());
    entry(name, type, data.size(), dimensions);
    data.raw(bytes);
    return this;
  }

  /** Adds a row to the table without data. */
  GgufWriter entry(String name, int type, long offset, long... dimensions) {
    table.string(name).u32(dimensions.length);
    for (long dimension : dimensions) {
      table.u64(dimension);
    }
    table.u32(type).u64(offset);
    tensorCount++;
    return this;
  }

  byte[] bytes() {
    ByteWriter out = new ByteWriter();
    out.raw(new byte[] {'G', 'G', 'U', 'F'}).u32(version).u64(tensorCount).u64(pairCount);
    out.raw(pairs.bytes()).raw(table.bytes());
    pad(out, out.size());
    return out.raw(data.bytes()).bytes();
  }

  private void pad(ByteWriter out, int size) {
    for (long at = size; at % alignment != 0; at++) {
      out.u8(0);
    }
  }
}
