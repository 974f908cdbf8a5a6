package io.github.alphaumi.onnx;

import java.io.ByteArrayOutputStream;
import java.util.Objects;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Text that goes on until one of its endings is written. The state is how much of an ending has
 * been written (see {@link Endings}), the rest of a character of several bytes, and how many bytes
 * may come before an ending has to.
 */
final class FreeText extends Expression {
  static final int UNBOUNDED = -1;

  private final Endings endings;
  private final int matched;
  private final Expression character;
  private final int budget;

  private FreeText(Endings endings, int matched, Expression character, int budget) {
    super(endings.arena);
    this.endings = endings;
    this.matched = matched;
    this.character = character;
    this.budget = budget;
  }

  static Expression of(Endings endings, int matched, Expression character, int budget) {
    if (budget == 0 && character == endings.arena.epsilon) {
      return endings.finish(matched);
    }
    return endings.arena.intern(new FreeText(endings, matched, character, budget));
  }

  private Expression following() {
    return character == arena.epsilon ? endings.character : character;
  }

  @Override
  boolean accepting() {
    return endings.optional && character == arena.epsilon;
  }

  @Override
  Expression derive(int value) {
    int now = endings.next(matched, value);
    Expression after = endings.after(now);
    int left = budget > 0 ? budget - 1 : budget;
    return after != null ? after : of(endings, now, following().next(value), left);
  }

  @Override
  ByteSet computeFirst() {
    return following().first();
  }

  @Override
  int computeShortest(ToIntFunction<Expression> child) {
    return path().length;
  }

  @Override
  void writeShortest(ByteArrayOutputStream out) {
    out.writeBytes(path());
  }

  private byte[] path() {
    if (endings.optional) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      character.writeShortest(out);
      return out.toByteArray();
    }
    byte[] way = endings.shortest(matched, character == arena.epsilon);
    if (way != null) {
      return way;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    character.writeShortest(out);
    out.writeBytes(Objects.requireNonNull(endings.shortest(0, true)));
    return out.toByteArray();
  }

  @Override
  Expression horizon(int length) {
    return budget >= length ? of(endings, matched, character, UNBOUNDED) : this;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof FreeText that
        && endings == that.endings
        && matched == that.matched
        && character == that.character
        && budget == that.budget;
  }

  @Override
  public int hashCode() {
    int hash = System.identityHashCode(endings) * 31 + matched;
    return (hash * 31 + Long.hashCode(character.id)) * 31 + budget;
  }
}
