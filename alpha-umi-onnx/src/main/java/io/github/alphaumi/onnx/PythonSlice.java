package io.github.alphaumi.onnx;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Python's slice with its rules for negative indexes and steps. */
record PythonSlice(Object start, Object stop, Object step) {

  /** The part of a text, list, tuple or range; null for what cannot be sliced. */
  @Nullable Object of(Object value) {
    if (value instanceof String text) {
      return text(text);
    }
    if (!(value instanceof List<?> list)) {
      return null;
    }
    List<Object> part = new ArrayList<>();
    for (int index : indexes(list.size())) {
      part.add(list.get(index));
    }
    return value instanceof PythonTuple ? PythonTuple.copyOf(part) : part;
  }

  private String text(String text) {
    int[] indexes = indexes(PythonStrings.length(text));
    boolean forward = indexes.length < 2 || indexes[1] == indexes[0] + 1;
    if (forward) {
      int from = indexes.length == 0 ? 0 : indexes[0];
      return PythonStrings.substring(text, from, from + indexes.length);
    }
    int[] points = text.codePoints().toArray();
    StringBuilder part = new StringBuilder();
    for (int index : indexes) {
      part.appendCodePoint(points[index]);
    }
    return part.toString();
  }

  private int[] indexes(int length) {
    int by = step == PythonNone.NONE ? 1 : integer(step);
    if (by == 0) {
      throw new JinjaFault("slice step cannot be zero");
    }
    int lowest = by > 0 ? 0 : -1;
    int highest = by > 0 ? length : length - 1;
    int from = start == PythonNone.NONE ? (by > 0 ? lowest : highest) : bound(start, length, by);
    int to = stop == PythonNone.NONE ? (by > 0 ? highest : lowest) : bound(stop, length, by);
    long distance = by > 0 ? (long) to - from : (long) from - to;
    int count = distance <= 0 ? 0 : (int) ((distance - 1) / Math.abs((long) by) + 1);
    int[] indexes = new int[count];
    for (int i = 0; i < count; i++) {
      indexes[i] = (int) (from + (long) i * by);
    }
    return indexes;
  }

  private static int bound(Object value, int length, int by) {
    long index = integer(value);
    if (index < 0) {
      index += length;
    }
    return (int) Math.max(by > 0 ? 0 : -1, Math.min(index, by > 0 ? length : length - 1));
  }

  private static int integer(Object value) {
    if (!PythonNumbers.isInteger(value)) {
      throw new JinjaFault("slice indices must be integers or None");
    }
    return PythonNumbers.clampedInt(value);
  }
}
