package io.github.alphaumi.onnx;

import java.io.ByteArrayOutputStream;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The rest of an object: the members that may still come, and the closing brace.
 *
 * <p>In any order, n members have n! sequences but only 2^n rests, of which a text visits n; so a
 * rest is a set of members and expands to its alternatives when a match first comes to it.
 */
final class Members extends Expression {

  /** {@code value} is never the empty language. */
  record Property(String name, Expression value, boolean required) {}

  /**
   * {@code additional} is the value of undeclared members, the empty language if there are none.
   */
  record Shape(JsonText text, List<Property> properties, Expression additional, Expression key) {

    static Shape of(JsonText text, List<Property> properties, Expression additional) {
      Map<String, Expression> names = new HashMap<>();
      properties.forEach(property -> names.put(property.name(), text.quote));
      Arena arena = text.arena;
      Expression declared = arena.seq(text.quote, text.words(names, true));
      Expression key = arena.group(arena.difference(text.string, declared));
      return new Shape(text, List.copyOf(properties), additional, key);
    }

    /** An object, from its opening to its closing brace. */
    Expression object() {
      BitSet all = new BitSet();
      all.set(0, properties.size());
      return text.arena.seq(
          text.arena.literal("{"), text.arena.intern(new Members(this, all, true)));
    }

    boolean requires(BitSet remaining) {
      return remaining.stream().anyMatch(i -> properties.get(i).required());
    }
  }

  private final Shape shape;
  private final BitSet remaining;
  private final boolean first;
  private @Nullable Expression expansion;

  private Members(Shape shape, BitSet remaining, boolean first) {
    super(shape.text.arena);
    this.shape = shape;
    this.remaining = remaining;
    this.first = first;
  }

  private Expression expansion() {
    Expression known = expansion;
    if (known == null) {
      JsonText text = shape.text;
      boolean complete = !shape.requires(remaining);
      Expression member = arena.alt(declared(), undeclared(complete));
      Expression more = first ? member : arena.seq(text.comma, member);
      Expression end = complete ? arena.literal("}") : arena.empty;
      known = arena.seq(text.blank, arena.alt(end, more));
      expansion = known;
    }
    return known;
  }

  private boolean fixed() {
    return shape.text.style.order() == JsonStyle.Order.FIXED;
  }

  private Expression declared() {
    Map<String, Expression> after = new HashMap<>();
    for (int i = remaining.nextSetBit(0); i >= 0; i = remaining.nextSetBit(i + 1)) {
      BitSet rest = (BitSet) remaining.clone();
      rest.clear(fixed() ? 0 : i, i + 1);
      Property property = shape.properties.get(i);
      after.put(property.name(), arena.seq(shape.text.quote, value(property.value(), rest)));
      if (fixed() && property.required()) {
        break;
      }
    }
    boolean anyEscape = shape.text.style.blanks() == JsonStyle.Blanks.FREE;
    return arena.seq(shape.text.quote, shape.text.words(after, anyEscape));
  }

  private Expression undeclared(boolean complete) {
    if (shape.additional.isDead() || fixed() && !complete) {
      return arena.empty;
    }
    BitSet rest = fixed() ? new BitSet() : remaining;
    return arena.seq(shape.key, value(shape.additional, rest));
  }

  private Expression value(Expression value, BitSet rest) {
    return arena.seq(shape.text.colon, value, arena.intern(new Members(shape, rest, false)));
  }

  @Override
  boolean accepting() {
    return false;
  }

  @Override
  Expression derive(int value) {
    return expansion().next(value);
  }

  @Override
  ByteSet computeFirst() {
    return expansion().first();
  }

  @Override
  int computeShortest(ToIntFunction<Expression> child) {
    int length = 1;
    int separator = first ? 0 : child.applyAsInt(shape.text.comma);
    for (int i = remaining.nextSetBit(0); i >= 0; i = remaining.nextSetBit(i + 1)) {
      Property property = shape.properties.get(i);
      if (property.required()) {
        length = plus(length, separator);
        length = plus(length, child.applyAsInt(shape.text.constant(property.name())));
        length = plus(length, child.applyAsInt(shape.text.colon));
        length = plus(length, child.applyAsInt(property.value()));
        separator = child.applyAsInt(shape.text.comma);
      }
    }
    return length;
  }

  @Override
  void writeShortest(ByteArrayOutputStream out) {
    boolean separated = !first;
    for (int i = remaining.nextSetBit(0); i >= 0; i = remaining.nextSetBit(i + 1)) {
      Property property = shape.properties.get(i);
      if (property.required()) {
        if (separated) {
          shape.text.comma.writeShortest(out);
        }
        shape.text.constant(property.name()).writeShortest(out);
        shape.text.colon.writeShortest(out);
        property.value().writeShortest(out);
        separated = true;
      }
    }
    out.write('}');
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Members that
        && shape == that.shape
        && first == that.first
        && remaining.equals(that.remaining);
  }

  @Override
  public int hashCode() {
    return (System.identityHashCode(shape) * 31 + remaining.hashCode()) * 2 + (first ? 1 : 0);
  }
}
