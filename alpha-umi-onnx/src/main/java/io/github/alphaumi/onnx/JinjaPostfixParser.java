package io.github.alphaumi.onnx;

import io.github.alphaumi.onnx.JinjaExpression.Arguments;
import io.github.alphaumi.onnx.JinjaExpression.Constant;
import io.github.alphaumi.onnx.JinjaExpression.Keyword;
import io.github.alphaumi.onnx.JinjaToken.Type;
import java.util.ArrayList;
import java.util.List;

/** What may follow an operand: attributes, subscripts, calls, filters and tests. */
final class JinjaPostfixParser {
  private static final Constant NONE = new Constant(PythonNone.NONE);

  private final JinjaTokenStream tokens;
  private final JinjaExpressionParser expressions;

  JinjaPostfixParser(JinjaTokenStream tokens, JinjaExpressionParser expressions) {
    this.tokens = tokens;
    this.expressions = expressions;
  }

  JinjaExpression subscripted(JinjaExpression operand) {
    JinjaExpression result = operand;
    while (true) {
      if (tokens.skipOperator(".")) {
        result = dotted(result);
      } else if (tokens.skipOperator("[")) {
        result = new JinjaExpression.Item(result, subscript());
      } else if (tokens.current().isOperator("(")) {
        result = new JinjaExpression.Call(result, arguments());
      } else {
        return result;
      }
    }
  }

  private JinjaExpression dotted(JinjaExpression target) {
    if (tokens.current().is(Type.INTEGER)) {
      return new JinjaExpression.Item(target, new Constant(tokens.next().value()));
    }
    return new JinjaExpression.Attribute(target, tokens.expectName());
  }

  private JinjaExpression subscript() {
    JinjaExpression key = tokens.current().isOperator(":") ? NONE : expressions.expression();
    if (tokens.skipOperator(":")) {
      JinjaExpression stop = slicePart();
      JinjaExpression step = tokens.skipOperator(":") ? slicePart() : NONE;
      key = new JinjaExpression.Slice(key, stop, step);
    }
    tokens.expectOperator("]");
    return key;
  }

  private JinjaExpression slicePart() {
    JinjaToken token = tokens.current();
    return token.isOperator(":") || token.isOperator("]") ? NONE : expressions.expression();
  }

  JinjaExpression filtered(JinjaExpression operand) {
    JinjaExpression result = operand;
    while (true) {
      if (tokens.skipOperator("|")) {
        result = filter(result);
      } else if (tokens.skipName("is")) {
        result = test(result);
      } else if (tokens.current().isOperator("(")) {
        result = new JinjaExpression.Call(result, arguments());
      } else {
        return result;
      }
    }
  }

  JinjaExpression filter(JinjaExpression value) {
    String name = tokens.expectName();
    Arguments arguments = tokens.current().isOperator("(") ? arguments() : Arguments.NONE;
    return new JinjaExpression.Filter(value, name, arguments);
  }

  private JinjaExpression test(JinjaExpression value) {
    boolean negated = tokens.skipName("not");
    String name = tokens.expectName();
    Arguments arguments = Arguments.NONE;
    if (tokens.current().isOperator("(")) {
      arguments = arguments();
    } else if (atTestOperand()) {
      JinjaExpression operand = subscripted(expressions.primary());
      arguments = new Arguments(List.of(operand), List.of(), null, null);
    }
    JinjaExpression test = new JinjaExpression.Test(value, name, arguments);
    return negated ? new JinjaExpression.Not(test) : test;
  }

  /** Whether a test such as {@code divisibleby 3} goes on with its one operand. */
  private boolean atTestOperand() {
    JinjaToken token = tokens.current();
    return switch (token.type()) {
      case STRING, INTEGER, FLOAT -> true;
      case OPERATOR -> token.isOperator("[") || token.isOperator("{");
      case NAME -> {
        if (token.isName("is")) {
          throw tokens.fault("tests with 'is' cannot be chained");
        }
        // As in Jinja2 an inline "if" would be taken for an operand; nobody means a variable "if".
        yield !token.isName("else")
            && !token.isName("or")
            && !token.isName("and")
            && !token.isName("if");
      }
      default -> false;
    };
  }

  Arguments arguments() {
    tokens.expectOperator("(");
    List<JinjaExpression> positional = new ArrayList<>();
    List<Keyword> keywords = new ArrayList<>();
    JinjaExpression spread = null;
    JinjaExpression keywordSpread = null;
    while (!tokens.skipOperator(")")) {
      if (tokens.skipOperator("**")) {
        keywordSpread = expressions.expression();
      } else if (tokens.skipOperator("*")) {
        spread = expressions.expression();
      } else if (tokens.current().is(Type.NAME) && tokens.following().isOperator("=")) {
        String name = tokens.expectName();
        tokens.expectOperator("=");
        keywords.add(new Keyword(name, expressions.expression()));
      } else if (keywords.isEmpty() && spread == null && keywordSpread == null) {
        positional.add(expressions.expression());
      } else {
        throw tokens.fault("a positional argument after a named one");
      }
      if (!tokens.skipOperator(",") && !tokens.current().isOperator(")")) {
        throw tokens.unexpected("',' or ')'");
      }
    }
    return new Arguments(List.copyOf(positional), List.copyOf(keywords), spread, keywordSpread);
  }
}
