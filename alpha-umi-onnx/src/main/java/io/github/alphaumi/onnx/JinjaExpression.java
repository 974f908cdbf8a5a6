package io.github.alphaumi.onnx;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** An expression of a template, as parsed. Immutable. */
sealed interface JinjaExpression {
  record Constant(Object value) implements JinjaExpression {}

  record Name(String name) implements JinjaExpression {}

  record ListLiteral(List<JinjaExpression> elements) implements JinjaExpression {}

  record TupleLiteral(List<JinjaExpression> elements) implements JinjaExpression {}

  record DictLiteral(List<JinjaExpression> keys, List<JinjaExpression> values)
      implements JinjaExpression {}

  record Attribute(JinjaExpression target, String name) implements JinjaExpression {}

  record Item(JinjaExpression target, JinjaExpression key) implements JinjaExpression {}

  record Slice(JinjaExpression start, JinjaExpression stop, JinjaExpression step)
      implements JinjaExpression {}

  record Call(JinjaExpression callee, Arguments arguments) implements JinjaExpression {}

  record Filter(JinjaExpression value, String name, Arguments arguments)
      implements JinjaExpression {}

  record Test(JinjaExpression value, String name, Arguments arguments) implements JinjaExpression {}

  record Not(JinjaExpression operand) implements JinjaExpression {}

  record And(JinjaExpression left, JinjaExpression right) implements JinjaExpression {}

  record Or(JinjaExpression left, JinjaExpression right) implements JinjaExpression {}

  record Sign(boolean negative, JinjaExpression operand) implements JinjaExpression {}

  record Binary(String operator, JinjaExpression left, JinjaExpression right)
      implements JinjaExpression {}

  record Concatenation(List<JinjaExpression> parts) implements JinjaExpression {}

  record Comparison(JinjaExpression first, List<Operand> rest) implements JinjaExpression {}

  record Conditional(
      JinjaExpression test, JinjaExpression then, @Nullable JinjaExpression otherwise)
      implements JinjaExpression {}

  /** One link of a comparison chain such as {@code < b} in {@code a < b < c}. */
  record Operand(String operator, JinjaExpression right) {}

  /** {@code name=value} in a call. */
  record Keyword(String name, JinjaExpression value) {}

  /** What stands between the parentheses of a call; the spreads are {@code *a} and {@code **k}. */
  record Arguments(
      List<JinjaExpression> positional,
      List<Keyword> keywords,
      @Nullable JinjaExpression spread,
      @Nullable JinjaExpression keywordSpread) {
    static final Arguments NONE = new Arguments(List.of(), List.of(), null, null);
  }
}
