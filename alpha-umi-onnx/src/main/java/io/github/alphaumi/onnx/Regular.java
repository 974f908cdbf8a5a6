package io.github.alphaumi.onnx;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** The nodes of expressions without recursion. Only {@link Arena} builds them, in normal form. */
final class Regular {

  private Regular() {}

  /** One byte out of a set; or the empty text, or (with an empty set) no text at all. */
  static final class Bytes extends Expression {
    final ByteSet set;
    private final boolean epsilon;

    Bytes(Arena arena, ByteSet set, boolean epsilon) {
      super(arena);
      this.set = set;
      this.epsilon = epsilon;
    }

    @Override
    boolean accepting() {
      return epsilon;
    }

    @Override
    Expression derive(int value) {
      return arena.epsilon;
    }

    @Override
    ByteSet computeFirst() {
      return set;
    }

    @Override
    int computeShortest(ToIntFunction<Expression> child) {
      return epsilon ? 0 : set.isEmpty() ? INFINITE : 1;
    }

    @Override
    void writeShortest(ByteArrayOutputStream out) {
      if (!epsilon) {
        int letter = set.next('a');
        out.write(letter >= 0 && letter <= 'z' ? letter : set.next(0));
      }
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Bytes that && epsilon == that.epsilon && set.equals(that.set);
    }

    @Override
    public int hashCode() {
      return set.hashCode() + (epsilon ? 1 : 0);
    }
  }

  /** One after the other; the head is never a Seq itself. */
  static final class Seq extends Expression {
    final Expression head;
    final Expression tail;

    Seq(Arena arena, Expression head, Expression tail) {
      super(arena);
      this.head = head;
      this.tail = tail;
    }

    @Override
    boolean accepting() {
      Expression rest = this;
      while (rest instanceof Seq seq) {
        if (!seq.head.accepting()) {
          return false;
        }
        rest = seq.tail;
      }
      return rest.accepting();
    }

    @Override
    Expression derive(int value) {
      Expression byHead = arena.seq(head.next(value), tail);
      return head.accepting() ? arena.alt(byHead, tail.next(value)) : byHead;
    }

    @Override
    ByteSet computeFirst() {
      return head.accepting() ? head.first().or(tail.first()) : head.first();
    }

    @Override
    int computeShortest(ToIntFunction<Expression> child) {
      int sum = 0;
      Expression rest = this;
      while (rest instanceof Seq seq) {
        sum = plus(sum, child.applyAsInt(seq.head));
        rest = seq.tail;
      }
      return plus(sum, child.applyAsInt(rest));
    }

    @Override
    void writeShortest(ByteArrayOutputStream out) {
      Expression rest = this;
      while (rest instanceof Seq seq) {
        seq.head.writeShortest(out);
        rest = seq.tail;
      }
      rest.writeShortest(out);
    }

    @Override
    Expression horizon(int length) {
      List<Expression> parts = new ArrayList<>();
      boolean changed = false;
      int left = length;
      Expression rest = this;
      while (left > 0 && rest instanceof Seq seq) {
        Expression part = seq.head.horizon(left);
        changed |= part != seq.head;
        parts.add(part);
        left -= Math.min(left, seq.head.shortest());
        rest = seq.tail;
      }
      Expression last = left > 0 ? rest.horizon(left) : rest;
      if (!changed && last == rest) {
        return this;
      }
      for (int i = parts.size() - 1; i >= 0; i--) {
        last = arena.seq(parts.get(i), last);
      }
      return last;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Seq that && head == that.head && tail == that.tail;
    }

    @Override
    public int hashCode() {
      return Long.hashCode(head.id * 0x9E3779B97F4A7C15L + tail.id) * 31 + 1;
    }
  }

  /** One of several, in the order of their ids. */
  static final class Alt extends Expression {
    final Expression[] parts;
    private final boolean accepting;

    Alt(Arena arena, Expression[] parts) {
      super(arena);
      this.parts = parts;
      this.accepting = Arrays.stream(parts).anyMatch(Expression::accepting);
    }

    @Override
    boolean accepting() {
      return accepting;
    }

    @Override
    Expression derive(int value) {
      List<Expression> next = new ArrayList<>();
      for (Expression part : parts) {
        if (part.first().contains(value)) {
          next.add(part.next(value));
        }
      }
      return arena.alt(next);
    }

    @Override
    ByteSet computeFirst() {
      ByteSet all = ByteSet.NONE;
      for (Expression part : parts) {
        all = all.or(part.first());
      }
      return all;
    }

    @Override
    int computeShortest(ToIntFunction<Expression> child) {
      int least = INFINITE;
      for (Expression part : parts) {
        least = Math.min(least, child.applyAsInt(part));
      }
      return least;
    }

    @Override
    void writeShortest(ByteArrayOutputStream out) {
      Expression best = parts[0];
      for (Expression part : parts) {
        best = part.shortest() < best.shortest() ? part : best;
      }
      best.writeShortest(out);
    }

    @Override
    Expression horizon(int length) {
      List<Expression> seen = new ArrayList<>(parts.length);
      boolean changed = false;
      for (Expression part : parts) {
        Expression same = part.horizon(length);
        changed |= same != part;
        seen.add(same);
      }
      return changed ? arena.alt(seen) : this;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      if (!(other instanceof Alt that) || parts.length != that.parts.length) {
        return false;
      }
      for (int i = 0; i < parts.length; i++) {
        if (parts[i] != that.parts[i]) {
          return false;
        }
      }
      return true;
    }

    @Override
    public int hashCode() {
      int hash = 2;
      for (Expression part : parts) {
        hash = 31 * hash + Long.hashCode(part.id);
      }
      return hash;
    }
  }
}
