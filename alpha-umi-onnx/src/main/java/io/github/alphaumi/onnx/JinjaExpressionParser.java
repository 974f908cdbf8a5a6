package io.github.alphaumi.onnx;

import io.github.alphaumi.onnx.JinjaExpression.Arguments;
import io.github.alphaumi.onnx.JinjaExpression.Constant;
import io.github.alphaumi.onnx.JinjaExpression.Operand;
import io.github.alphaumi.onnx.JinjaToken.Type;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Recursive descent over expressions, with the precedence of Jinja2, which is not quite Python's:
 * filters and tests bind tighter than every operator but the sign, {@code **} groups from the left,
 * and {@code ~} stands between {@code +} and {@code *}.
 */
final class JinjaExpressionParser {
  private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
  private static final Constant NONE = new Constant(PythonNone.NONE);

  private final JinjaTokenStream tokens;
  private final JinjaPostfixParser postfix;
  private Set<String> names = new HashSet<>();

  JinjaExpressionParser(JinjaTokenStream tokens) {
    this.tokens = tokens;
    this.postfix = new JinjaPostfixParser(tokens, this);
  }

  /** The names read since the last {@link #startNames}. */
  Set<String> names() {
    return names;
  }

  Set<String> startNames() {
    Set<String> outer = names;
    names = new HashSet<>();
    return outer;
  }

  void continueNames(Set<String> outer) {
    outer.addAll(names);
    names = outer;
  }

  /** An expression or, without parentheses, a tuple. */
  JinjaExpression tuple() {
    return tuple(true, null);
  }

  /**
   * A tuple whose elements have no inline if, so that a following {@code if} is the statement's.
   */
  JinjaExpression plainTuple(@Nullable String endName) {
    return tuple(false, endName);
  }

  private JinjaExpression tuple(boolean conditional, @Nullable String endName) {
    if (atTupleEnd(endName)) {
      throw tokens.unexpected("an expression");
    }
    JinjaExpression first = element(conditional);
    if (!tokens.current().isOperator(",")) {
      return first;
    }
    List<JinjaExpression> elements = new ArrayList<>(List.of(first));
    while (tokens.skipOperator(",") && !atTupleEnd(endName)) {
      elements.add(element(conditional));
    }
    return new JinjaExpression.TupleLiteral(List.copyOf(elements));
  }

  private JinjaExpression element(boolean conditional) {
    return conditional ? expression() : or();
  }

  private boolean atTupleEnd(@Nullable String endName) {
    JinjaToken token = tokens.current();
    return token.is(Type.OUTPUT_END)
        || token.is(Type.TAG_END)
        || token.isOperator(")")
        || (endName != null && token.isName(endName));
  }

  JinjaExpression expression() {
    tokens.enter();
    JinjaExpression expression = or();
    while (tokens.skipName("if")) {
      JinjaExpression test = or();
      JinjaExpression otherwise = tokens.skipName("else") ? expression() : null;
      expression = new JinjaExpression.Conditional(test, expression, otherwise);
    }
    tokens.leave();
    return expression;
  }

  private JinjaExpression or() {
    JinjaExpression left = and();
    while (tokens.skipName("or")) {
      left = new JinjaExpression.Or(left, and());
    }
    return left;
  }

  private JinjaExpression and() {
    JinjaExpression left = not();
    while (tokens.skipName("and")) {
      left = new JinjaExpression.And(left, not());
    }
    return left;
  }

  private JinjaExpression not() {
    if (!tokens.skipName("not")) {
      return comparison();
    }
    tokens.enter();
    JinjaExpression operand = not();
    tokens.leave();
    return new JinjaExpression.Not(operand);
  }

  private JinjaExpression comparison() {
    JinjaExpression first = sum();
    List<Operand> rest = new ArrayList<>();
    while (true) {
      JinjaToken token = tokens.current();
      if (token.is(Type.OPERATOR) && COMPARISONS.contains(token.value())) {
        tokens.next();
        rest.add(new Operand((String) token.value(), sum()));
      } else if (tokens.skipName("in")) {
        rest.add(new Operand("in", sum()));
      } else if (token.isName("not") && tokens.following().isName("in")) {
        tokens.next();
        tokens.next();
        rest.add(new Operand("not in", sum()));
      } else {
        return rest.isEmpty() ? first : new JinjaExpression.Comparison(first, List.copyOf(rest));
      }
    }
  }

  private JinjaExpression sum() {
    JinjaExpression left = concatenation();
    while (atOperator("+", "-")) {
      left = new JinjaExpression.Binary((String) tokens.next().value(), left, concatenation());
    }
    return left;
  }

  private JinjaExpression concatenation() {
    JinjaExpression first = product();
    if (!tokens.current().isOperator("~")) {
      return first;
    }
    List<JinjaExpression> parts = new ArrayList<>(List.of(first));
    while (tokens.skipOperator("~")) {
      parts.add(product());
    }
    return new JinjaExpression.Concatenation(List.copyOf(parts));
  }

  private JinjaExpression product() {
    JinjaExpression left = power();
    while (atOperator("*", "/", "//", "%")) {
      left = new JinjaExpression.Binary((String) tokens.next().value(), left, power());
    }
    return left;
  }

  private JinjaExpression power() {
    JinjaExpression left = postfix.filtered(unary());
    while (tokens.skipOperator("**")) {
      left = new JinjaExpression.Binary("**", left, postfix.filtered(unary()));
    }
    return left;
  }

  private boolean atOperator(String... operators) {
    for (String operator : operators) {
      if (tokens.current().isOperator(operator)) {
        return true;
      }
    }
    return false;
  }

  /** A signed or primary expression with its subscripts and calls, without filters. */
  private JinjaExpression unary() {
    if (!atOperator("+", "-")) {
      return postfix.subscripted(primary());
    }
    boolean negative = tokens.next().isOperator("-");
    tokens.enter();
    JinjaExpression operand = unary();
    tokens.leave();
    return postfix.subscripted(new JinjaExpression.Sign(negative, operand));
  }

  JinjaExpression primary() {
    JinjaToken token = tokens.next();
    return switch (token.type()) {
      case NAME -> name((String) token.value());
      case STRING -> string(token);
      case INTEGER, FLOAT -> new Constant(token.value());
      case OPERATOR -> bracketed(token);
      default ->
          throw ChatTemplateException.at(
              token.line(), "expected an expression, found " + token.describe());
    };
  }

  private JinjaExpression name(String name) {
    return switch (name) {
      case "true", "True" -> new Constant(true);
      case "false", "False" -> new Constant(false);
      case "none", "None" -> NONE;
      default -> {
        names.add(name);
        yield new JinjaExpression.Name(name);
      }
    };
  }

  private JinjaExpression string(JinjaToken first) {
    StringBuilder text = new StringBuilder((String) first.value());
    while (tokens.current().is(Type.STRING)) {
      text.append(tokens.next().value());
    }
    return new Constant(text.toString());
  }

  private JinjaExpression bracketed(JinjaToken token) {
    switch ((String) token.value()) {
      case "(" -> {
        if (tokens.skipOperator(")")) {
          return new JinjaExpression.TupleLiteral(List.of());
        }
        JinjaExpression inner = tuple();
        tokens.expectOperator(")");
        return inner;
      }
      case "[" -> {
        List<JinjaExpression> elements = new ArrayList<>();
        while (!tokens.skipOperator("]")) {
          elements.add(expression());
          separator("]");
        }
        return new JinjaExpression.ListLiteral(List.copyOf(elements));
      }
      case "{" -> {
        return dict();
      }
      default ->
          throw ChatTemplateException.at(
              token.line(), "expected an expression, found " + token.describe());
    }
  }

  private JinjaExpression dict() {
    List<JinjaExpression> keys = new ArrayList<>();
    List<JinjaExpression> values = new ArrayList<>();
    while (!tokens.skipOperator("}")) {
      keys.add(expression());
      tokens.expectOperator(":");
      values.add(expression());
      separator("}");
    }
    return new JinjaExpression.DictLiteral(List.copyOf(keys), List.copyOf(values));
  }

  /** A comma, which may be left out before the end. */
  private void separator(String end) {
    if (!tokens.skipOperator(",") && !tokens.current().isOperator(end)) {
      throw tokens.unexpected("',' or '" + end + "'");
    }
  }

  Arguments arguments() {
    return postfix.arguments();
  }

  /** The filters of a block, with or without the pipe before the first, applied to a name. */
  JinjaExpression blockFilters(String name) {
    JinjaExpression value = new JinjaExpression.Name(name);
    if (tokens.current().is(Type.NAME)) {
      value = postfix.filter(value);
    }
    return postfix.filtered(value);
  }

  /** A call, as {@code {% call … %}} needs it. */
  JinjaExpression.Call call() {
    JinjaExpression expression = expression();
    if (expression instanceof JinjaExpression.Call call) {
      return call;
    }
    throw tokens.unexpected("a call");
  }
}
