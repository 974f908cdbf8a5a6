package io.github.alphaumi.onnx;

import java.io.ByteArrayOutputStream;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * An expression that is kept together as the head of a sequence. A {@link Regular.Seq} is otherwise
 * flattened, and "rest of a string, then its quote, then whatever follows" would be another
 * expression for everything that follows; kept together, the costly part of its mask is shared.
 */
final class Group extends Expression {
  final Expression inner;

  Group(Arena arena, Expression inner) {
    super(arena);
    this.inner = inner;
  }

  @Override
  boolean accepting() {
    return inner.accepting();
  }

  @Override
  Expression derive(int value) {
    return arena.group(inner.next(value));
  }

  @Override
  ByteSet computeFirst() {
    return inner.first();
  }

  @Override
  int computeShortest(ToIntFunction<Expression> child) {
    return child.applyAsInt(inner);
  }

  @Override
  void writeShortest(ByteArrayOutputStream out) {
    inner.writeShortest(out);
  }

  @Override
  Expression horizon(int length) {
    return arena.group(inner.horizon(length));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Group that && inner == that.inner;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(inner.id) * 31 + 4;
  }
}
