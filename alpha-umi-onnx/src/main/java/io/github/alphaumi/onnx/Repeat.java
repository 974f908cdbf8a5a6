package io.github.alphaumi.onnx;

import java.io.ByteArrayOutputStream;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A part repeated {@code min} to {@code max} times. The derivative counts down instead of
 * unrolling, so a bound of 10,000 costs no more than one of 3.
 */
final class Repeat extends Expression {
  static final int UNBOUNDED = -1;
  final Expression body;
  final int min;
  final int max;

  Repeat(Arena arena, Expression body, int min, int max) {
    super(arena);
    this.body = body;
    this.min = min;
    this.max = max;
  }

  @Override
  boolean accepting() {
    return min == 0;
  }

  @Override
  Expression derive(int value) {
    int most = max == UNBOUNDED ? UNBOUNDED : max - 1;
    return arena.seq(body.next(value), arena.repeat(body, Math.max(0, min - 1), most));
  }

  @Override
  ByteSet computeFirst() {
    return body.first();
  }

  @Override
  int computeShortest(ToIntFunction<Expression> child) {
    return min == 0 ? 0 : (int) Math.min(INFINITE, (long) min * child.applyAsInt(body));
  }

  @Override
  void writeShortest(ByteArrayOutputStream out) {
    for (int i = 0; i < min; i++) {
      body.writeShortest(out);
    }
  }

  @Override
  Expression horizon(int length) {
    // Each round takes at least one byte, so a counter of `length` or more cannot run out.
    boolean endless = max == UNBOUNDED || max >= length;
    return arena.repeat(body, Math.min(min, length), endless ? UNBOUNDED : max);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Repeat that && body == that.body && min == that.min && max == that.max;
  }

  @Override
  public int hashCode() {
    return (Long.hashCode(body.id) * 31 + min) * 31 + max + 3;
  }
}
