package io.github.alphaumi.onnx;

import java.io.ByteArrayOutputStream;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A language of byte strings, and at the same time the state of a match: what may still follow.
 *
 * <p>Everything here rests on Brzozowski's derivative: the derivative of a language by a byte is
 * the set of the rests of its strings that begin with that byte, and it is again an expression. One
 * formalism then serves literals, JSON and free text alike, and no automaton is built before it is
 * needed. Two things make it fast. Equal expressions are one object (see {@link Arena}), so a state
 * that comes round again, such as "inside this string", is recognised by identity, and what was
 * learnt about it (its derivatives, its token mask) is at hand. And every expression is kept either
 * alive or the one empty expression: the constructors of {@link Arena} never build an expression
 * whose language is empty, so "can this still become a valid text" is a comparison, not a search.
 *
 * <p>Recursion is by expressions that know how to expand themselves ({@link Reference}, {@link
 * Members}); what follows them stands in the tail of a {@link Regular.Seq}, which thereby is the
 * stack of a pushdown automaton.
 *
 * <p>Thread-safe: an expression is immutable, its caches are filled by benign races.
 */
abstract class Expression {

  /** The length of the shortest string of a language that has none. */
  static final int INFINITE = Integer.MAX_VALUE / 2;

  /** Jump-forward stops here; the rest follows at the next call. */
  private static final int FORCED_LIMIT = 4096;

  final Arena arena;

  /** In order of creation; orders the alternatives of {@link Regular.Alt}. */
  final long id;

  private @Nullable Transitions transitions;
  private @Nullable ByteSet first;
  private @Nullable ByteSet loops;
  private int shortest;

  Expression(Arena arena) {
    this.arena = arena;
    this.id = arena.nextId();
  }

  /** The state after {@code value} (0 to 255): {@link #isDead() dead} if that byte cannot come. */
  final Expression next(int value) {
    if (!first().contains(value)) {
      return arena.empty;
    }
    Transitions known = transitions;
    if (known == null || known.epoch != arena.epoch()) {
      known = new Transitions(arena.epoch());
      transitions = known;
    }
    Expression[] row = known.rows[value >> 4];
    if (row == null) {
      row = new Expression[16];
      known.rows[value >> 4] = row;
    }
    Expression next = row[value & 15];
    if (next == null) {
      next = derive(value);
      row[value & 15] = next;
    }
    return next;
  }

  /** The state after all of {@code bytes}. */
  final Expression next(byte[] bytes) {
    Expression state = this;
    for (byte value : bytes) {
      state = state.next(value & 0xff);
    }
    return state;
  }

  /** The bytes that may come next. */
  final ByteSet first() {
    ByteSet known = first;
    if (known == null) {
      known = computeFirst();
      first = known;
    }
    return known;
  }

  /** The bytes that leave everything as it is, such as those of a string's plain characters. */
  final ByteSet loops() {
    ByteSet known = loops;
    if (known == null) {
      known = ByteSet.NONE;
      ByteSet all = first();
      for (int value = all.next(0); value >= 0; value = all.next(value + 1)) {
        if (next(value) == this) {
          known = known.or(ByteSet.of(value));
        }
      }
      loops = known;
    }
    return known;
  }

  /** Whether the text may end here. */
  abstract boolean accepting();

  /** Whether no continuation, not even the empty one, leads to acceptance. */
  final boolean isDead() {
    return this == arena.empty;
  }

  /** Whether the text may end here and nothing may follow. */
  final boolean mustEnd() {
    return accepting() && first().isEmpty();
  }

  /**
   * The longest byte string that has to come next: empty where there is a choice or the text may
   * end. At most 4096 bytes are given at once.
   */
  final byte[] forced() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Expression state = this;
    while (!state.accepting() && state.first().size() == 1 && out.size() < FORCED_LIMIT) {
      int value = state.first().next(0);
      out.write(value);
      state = state.next(value);
    }
    return out.toByteArray();
  }

  /** A shortest byte string that leads from here to acceptance; empty if the text may end here. */
  final byte[] shortestCompletion() {
    if (isDead()) {
      throw new IllegalStateException("no completion: the text is outside of the language");
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    writeShortest(out);
    return out.toByteArray();
  }

  /** The length in bytes of {@link #shortestCompletion()}, {@link #INFINITE} if there is none. */
  final int shortest() {
    int known = shortest;
    if (known == 0) {
      known = 1 + computeShortest(Expression::shortest);
      shortest = known;
    }
    return known - 1;
  }

  /** The derivative by a byte that {@link #first()} contains. */
  abstract Expression derive(int value);

  abstract ByteSet computeFirst();

  /** {@code child} gives the shortest length of a part. */
  abstract int computeShortest(ToIntFunction<Expression> child);

  abstract void writeShortest(ByteArrayOutputStream out);

  /**
   * An expression that allows the same byte strings of up to {@code length} bytes as beginnings,
   * and in which counters too large to run out within them are replaced by "any number": so that
   * the 10th and the 100th character of a string of at most 1000 share a token mask.
   */
  Expression horizon(int length) {
    return this;
  }

  /** Structural equality over identical parts: what {@link Arena} interns by. */
  @Override
  public abstract boolean equals(@Nullable Object other);

  @Override
  public abstract int hashCode();

  static int plus(int a, int b) {
    return Math.min(INFINITE, a + b);
  }

  /** Derivatives known so far, by high and low half of the byte: most states see few bytes. */
  private static final class Transitions {
    final int epoch;
    final Expression @Nullable [][] rows = new Expression[16][];

    Transitions(int epoch) {
      this.epoch = epoch;
    }
  }
}
