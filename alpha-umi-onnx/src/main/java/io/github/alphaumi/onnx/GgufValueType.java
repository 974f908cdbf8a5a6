package io.github.alphaumi.onnx;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The types of GGUF metadata values; the ordinal is the number in the file.
 *
 * <p>In Java, integers become {@link Long} (or {@link BigInteger} beyond its range), floats {@link
 * Float} and {@link Double}, arrays the smallest of {@code int[]} and {@code long[]} that holds the
 * element type ({@code UINT64} keeps its 64 bits), {@code float[]}, {@code double[]}, {@code
 * boolean[]}, a {@code List<String>} or a {@code List<Object>} of arrays.
 */
enum GgufValueType {
  UINT8(1),
  INT8(1),
  UINT16(2),
  INT16(2),
  UINT32(4),
  INT32(4),
  FLOAT32(4),
  BOOL(1),
  STRING(8),
  ARRAY(12),
  UINT64(8),
  INT64(8),
  FLOAT64(8);

  private static final GgufValueType[] BY_NUMBER = values();
  private static final int MAX_NESTING = 4;
  private static final int MAX_ELEMENTS = 1 << 24;

  private final int minimumBytes;

  GgufValueType(int minimumBytes) {
    this.minimumBytes = minimumBytes;
  }

  /** Reads a type number and a value of that type. */
  static Object readTyped(GgufCursor in) {
    return read(readType(in), in, 0);
  }

  private static GgufValueType readType(GgufCursor in) {
    long number = in.uint32();
    if (number >= BY_NUMBER.length) {
      throw in.broken("value type " + number + " is unknown; GGUF has 0 to 12");
    }
    return BY_NUMBER[(int) number];
  }

  private static Object read(GgufValueType type, GgufCursor in, int depth) {
    return switch (type) {
      case FLOAT32 -> in.float32();
      case FLOAT64 -> in.float64();
      case BOOL -> in.bool();
      case STRING -> in.string();
      case ARRAY -> readArray(in, depth + 1);
      case UINT64 -> unsigned(in.int64());
      default -> type.readInteger(in);
    };
  }

  private static Number unsigned(long bits) {
    if (bits < 0) {
      return new BigInteger(Long.toUnsignedString(bits));
    }
    return bits;
  }

  private long readInteger(GgufCursor in) {
    return switch (this) {
      case UINT8 -> in.int8() & 0xff;
      case INT8 -> in.int8();
      case UINT16 -> in.int16() & 0xffff;
      case INT16 -> in.int16();
      case UINT32 -> in.uint32();
      case INT32 -> in.int32();
      case UINT64, INT64 -> in.int64();
      default -> throw new IllegalStateException(this + " is not an integer type");
    };
  }

  private static Object readArray(GgufCursor in, int depth) {
    if (depth > MAX_NESTING) {
      throw in.broken("arrays are nested deeper than the supported " + MAX_NESTING);
    }
    GgufValueType type = readType(in);
    int count = in.count("array elements", MAX_ELEMENTS, type.minimumBytes);
    return switch (type) {
      case FLOAT32 -> readFloats(in, count);
      case FLOAT64 -> readDoubles(in, count);
      case BOOL -> readBooleans(in, count);
      case STRING -> readStrings(in, count);
      case ARRAY -> readArrays(in, count, depth);
      case UINT32, UINT64, INT64 -> type.readLongs(in, count);
      default -> type.readInts(in, count);
    };
  }

  private int[] readInts(GgufCursor in, int count) {
    int[] values = new int[count];
    for (int i = 0; i < count; i++) {
      values[i] = (int) readInteger(in);
    }
    return values;
  }

  private long[] readLongs(GgufCursor in, int count) {
    long[] values = new long[count];
    for (int i = 0; i < count; i++) {
      values[i] = readInteger(in);
    }
    return values;
  }

  private static float[] readFloats(GgufCursor in, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = in.float32();
    }
    return values;
  }

  private static double[] readDoubles(GgufCursor in, int count) {
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = in.float64();
    }
    return values;
  }

  private static boolean[] readBooleans(GgufCursor in, int count) {
    boolean[] values = new boolean[count];
    for (int i = 0; i < count; i++) {
      values[i] = in.bool();
    }
    return values;
  }

  private static List<String> readStrings(GgufCursor in, int count) {
    List<String> values = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      values.add(in.string());
    }
    return Collections.unmodifiableList(values);
  }

  private static List<Object> readArrays(GgufCursor in, int count, int depth) {
    List<Object> values = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      values.add(readArray(in, depth + 1));
    }
    return Collections.unmodifiableList(values);
  }

  /** What a value read by this class is called in messages. */
  static String nameOf(@Nullable Object value) {
    if (value == null) {
      return "nothing";
    }
    if (value instanceof List) {
      return "an array of strings or arrays";
    }
    return value.getClass().isArray()
        ? "an array of " + value.getClass().getComponentType() + "s"
        : value.getClass().getSimpleName() + " " + abbreviated(value.toString());
  }

  private static String abbreviated(String text) {
    return text.length() <= 40 ? text : text.substring(0, 40) + "...";
  }
}
