package io.github.alphaumi.onnx;

import java.io.ByteArrayOutputStream;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A place for an expression that is defined later, possibly in terms of itself. What it stands for
 * begins with a byte of its own, never with itself, and is never the empty string.
 */
final class Reference extends Expression {
  private @Nullable Expression definition;
  private int length = INFINITE;

  Reference(Arena arena) {
    super(arena);
  }

  void define(Expression expression) {
    definition = expression;
  }

  /** Lowers the known shortest length by one round of the fixed point; tells if it changed. */
  boolean relax(ToIntFunction<Expression> child) {
    int better = child.applyAsInt(definition());
    boolean changed = better < length;
    length = Math.min(better, length);
    return changed;
  }

  /** Whether some finite string matches; known after the fixed point. */
  boolean isProductive() {
    return length < INFINITE;
  }

  private Expression definition() {
    if (definition == null) {
      throw new IllegalStateException("a reference is used before its definition");
    }
    return definition;
  }

  @Override
  boolean accepting() {
    return false;
  }

  @Override
  Expression derive(int value) {
    return definition().next(value);
  }

  @Override
  ByteSet computeFirst() {
    return definition().first();
  }

  @Override
  int computeShortest(ToIntFunction<Expression> child) {
    return length;
  }

  @Override
  void writeShortest(ByteArrayOutputStream out) {
    definition().writeShortest(out);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(id);
  }
}
