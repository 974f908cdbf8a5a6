package io.github.alphaumi.onnx;

import java.util.AbstractList;
import java.util.Objects;
import java.util.RandomAccess;

/** Python's range: numbers that are computed, not stored. Immutable. */
final class PythonRange extends AbstractList<Object> implements RandomAccess {
  private final long start;
  private final long stop;
  private final long step;
  private final int size;

  PythonRange(long start, long stop, long step) {
    if (step == 0) {
      throw new JinjaFault("range() arg 3 must not be zero");
    }
    this.start = start;
    this.stop = stop;
    this.step = step;
    this.size = size(start, stop, step);
  }

  private static int size(long start, long stop, long step) {
    if (step > 0 ? start >= stop : start <= stop) {
      return 0;
    }
    double distance = Math.abs((double) stop - start);
    double count = Math.ceil(distance / Math.abs((double) step));
    if (count > JinjaBudget.MAX_RANGE) {
      throw new JinjaFault("range() has more than " + JinjaBudget.MAX_RANGE + " elements");
    }
    return (int) count;
  }

  @Override
  public Object get(int index) {
    return start + step * Objects.checkIndex(index, size);
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public String toString() {
    String bounds = "range(" + start + ", " + stop;
    return step == 1 ? bounds + ")" : bounds + ", " + step + ")";
  }
}
