package io.github.alphaumi.onnx;

/** An immutable set of byte values, 0 to 255. Thread-safe; every operation takes constant time. */
record ByteSet(long w0, long w1, long w2, long w3) {

  static final ByteSet NONE = new ByteSet(0, 0, 0, 0);

  static ByteSet of(int value) {
    return range(value, value);
  }

  /** All values from {@code low} to {@code high}, both included. */
  static ByteSet range(int low, int high) {
    if (low < 0 || high > 255) {
      throw new IllegalArgumentException("byte range " + low + ".." + high + " is not in 0..255");
    }
    return new ByteSet(
        word(low, high),
        word(low - 64, high - 64),
        word(low - 128, high - 128),
        word(low - 192, high - 192));
  }

  private static long word(int low, int high) {
    int from = Math.max(low, 0);
    int to = Math.min(high, 63);
    return from > to ? 0 : (-1L << from) & (-1L >>> (63 - to));
  }

  boolean contains(int value) {
    long word = value < 128 ? (value < 64 ? w0 : w1) : (value < 192 ? w2 : w3);
    return (word >>> value & 1) != 0;
  }

  ByteSet or(ByteSet other) {
    return new ByteSet(w0 | other.w0, w1 | other.w1, w2 | other.w2, w3 | other.w3);
  }

  ByteSet minus(ByteSet other) {
    return new ByteSet(w0 & ~other.w0, w1 & ~other.w1, w2 & ~other.w2, w3 & ~other.w3);
  }

  boolean containsAll(ByteSet other) {
    return other.minus(this).isEmpty();
  }

  boolean isEmpty() {
    return (w0 | w1 | w2 | w3) == 0;
  }

  int size() {
    return Long.bitCount(w0) + Long.bitCount(w1) + Long.bitCount(w2) + Long.bitCount(w3);
  }

  /** The smallest value that is at least {@code from}, or -1. */
  int next(int from) {
    for (int value = from; value < 256; value++) {
      if (contains(value)) {
        return value;
      }
    }
    return -1;
  }
}
