package io.github.alphaumi.onnx;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * All strings of {@code all} but those of {@code without}: the names of undeclared members are any
 * string but the declared names.
 *
 * <p>That no difference is empty is what lets {@link Expression} decide liveness by identity. It
 * holds here because {@code without} is finite, and {@code all} is the rest of an unbounded string:
 * every derivative of it is infinite, or is the empty string (which {@link Arena#difference}
 * decides).
 */
final class Difference extends Expression {
  private final Expression all;
  private final Expression without;

  Difference(Arena arena, Expression all, Expression without) {
    super(arena);
    this.all = all;
    this.without = without;
  }

  @Override
  boolean accepting() {
    return all.accepting() && !without.accepting();
  }

  @Override
  Expression derive(int value) {
    return arena.difference(all.next(value), without.next(value));
  }

  @Override
  ByteSet computeFirst() {
    ByteSet first = all.first();
    for (int value = first.next(0); value >= 0; value = first.next(value + 1)) {
      if (derive(value).isDead()) {
        first = first.minus(ByteSet.of(value));
      }
    }
    return first;
  }

  @Override
  int computeShortest(ToIntFunction<Expression> child) {
    return search().length;
  }

  @Override
  void writeShortest(ByteArrayOutputStream out) {
    out.writeBytes(search());
  }

  /** Breadth first over the derivatives: names are few and short, so the way out is near. */
  private byte[] search() {
    Map<Expression, byte[]> paths = new HashMap<>(Map.of(this, new byte[0]));
    Deque<Expression> queue = new ArrayDeque<>(paths.keySet());
    while (true) {
      Expression state = queue.remove();
      byte[] path = paths.get(state);
      if (state.accepting()) {
        return path;
      }
      for (int value = state.first().next(0); value >= 0; value = state.first().next(value + 1)) {
        byte[] longer = Arrays.copyOf(path, path.length + 1);
        longer[path.length] = (byte) value;
        if (paths.putIfAbsent(state.next(value), longer) == null) {
          queue.add(state.next(value));
        }
      }
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Difference that && all == that.all && without == that.without;
  }

  @Override
  public int hashCode() {
    return (Long.hashCode(all.id) * 31 + Long.hashCode(without.id)) * 31 + 5;
  }
}
