package io.github.alphaumi.onnx;

import io.github.alphaumi.onnx.JinjaExpression.And;
import io.github.alphaumi.onnx.JinjaExpression.Arguments;
import io.github.alphaumi.onnx.JinjaExpression.Attribute;
import io.github.alphaumi.onnx.JinjaExpression.Binary;
import io.github.alphaumi.onnx.JinjaExpression.Call;
import io.github.alphaumi.onnx.JinjaExpression.Comparison;
import io.github.alphaumi.onnx.JinjaExpression.Concatenation;
import io.github.alphaumi.onnx.JinjaExpression.Conditional;
import io.github.alphaumi.onnx.JinjaExpression.Constant;
import io.github.alphaumi.onnx.JinjaExpression.DictLiteral;
import io.github.alphaumi.onnx.JinjaExpression.Filter;
import io.github.alphaumi.onnx.JinjaExpression.Item;
import io.github.alphaumi.onnx.JinjaExpression.Keyword;
import io.github.alphaumi.onnx.JinjaExpression.ListLiteral;
import io.github.alphaumi.onnx.JinjaExpression.Name;
import io.github.alphaumi.onnx.JinjaExpression.Not;
import io.github.alphaumi.onnx.JinjaExpression.Operand;
import io.github.alphaumi.onnx.JinjaExpression.Or;
import io.github.alphaumi.onnx.JinjaExpression.Sign;
import io.github.alphaumi.onnx.JinjaExpression.Slice;
import io.github.alphaumi.onnx.JinjaExpression.Test;
import io.github.alphaumi.onnx.JinjaExpression.TupleLiteral;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Evaluates expressions. One per rendering. */
final class JinjaEvaluator {
  private final JinjaRuntime runtime;

  JinjaEvaluator(JinjaRuntime runtime) {
    this.runtime = runtime;
  }

  Object evaluate(JinjaExpression expression, JinjaScope scope) {
    runtime.budget().enter();
    Object value = dispatch(expression, scope);
    runtime.budget().leave();
    return value;
  }

  private Object dispatch(JinjaExpression expression, JinjaScope scope) {
    if (expression instanceof Constant constant) {
      return constant.value();
    }
    if (expression instanceof Name name) {
      return scope.get(name.name());
    }
    if (expression instanceof Attribute attribute) {
      return runtime.attribute(evaluate(attribute.target(), scope), attribute.name());
    }
    if (expression instanceof Item item) {
      return runtime.item(evaluate(item.target(), scope), evaluate(item.key(), scope));
    }
    if (expression instanceof Call call) {
      return runtime.call(evaluate(call.callee(), scope), arguments(call.arguments(), scope));
    }
    if (expression instanceof Filter filter) {
      Object value = evaluate(filter.value(), scope);
      return runtime.filter(filter.name(), value, arguments(filter.arguments(), scope));
    }
    if (expression instanceof Test test) {
      Object value = evaluate(test.value(), scope);
      return runtime.test(test.name(), value, arguments(test.arguments(), scope));
    }
    if (expression instanceof Conditional conditional) {
      return conditional(conditional, scope);
    }
    return operation(expression, scope);
  }

  private Object operation(JinjaExpression expression, JinjaScope scope) {
    if (expression instanceof Comparison comparison) {
      return comparison(comparison, scope);
    }
    if (expression instanceof Binary binary) {
      Object left = evaluate(binary.left(), scope);
      return runtime.operators().binary(binary.operator(), left, evaluate(binary.right(), scope));
    }
    if (expression instanceof Concatenation concatenation) {
      BoundedText text = new BoundedText(runtime.budget());
      concatenation.parts().forEach(part -> text.append(runtime.text().str(evaluate(part, scope))));
      return text.toString();
    }
    if (expression instanceof And and) {
      Object left = evaluate(and.left(), scope);
      return PythonValues.truth(left) ? evaluate(and.right(), scope) : left;
    }
    if (expression instanceof Or or) {
      Object left = evaluate(or.left(), scope);
      return PythonValues.truth(left) ? left : evaluate(or.right(), scope);
    }
    if (expression instanceof Not not) {
      return !PythonValues.truth(evaluate(not.operand(), scope));
    }
    if (expression instanceof Sign sign) {
      return sign(sign, evaluate(sign.operand(), scope));
    }
    return literal(expression, scope);
  }

  private Object literal(JinjaExpression expression, JinjaScope scope) {
    if (expression instanceof ListLiteral list) {
      return evaluateAll(list.elements(), scope);
    }
    if (expression instanceof TupleLiteral tuple) {
      return PythonTuple.copyOf(evaluateAll(tuple.elements(), scope));
    }
    if (expression instanceof DictLiteral dict) {
      runtime.budget().elements(2L * dict.keys().size());
      Map<Object, Object> result = new LinkedHashMap<>();
      for (int i = 0; i < dict.keys().size(); i++) {
        Object key = evaluate(dict.keys().get(i), scope);
        PythonDicts.put(result, key, evaluate(dict.values().get(i), scope));
      }
      return result;
    }
    if (expression instanceof Slice slice) {
      return new PythonSlice(
          evaluate(slice.start(), scope),
          evaluate(slice.stop(), scope),
          evaluate(slice.step(), scope));
    }
    throw new IllegalArgumentException(expression.getClass().getName());
  }

  private List<Object> evaluateAll(List<JinjaExpression> expressions, JinjaScope scope) {
    runtime.budget().elements(expressions.size());
    List<Object> values = new ArrayList<>(expressions.size());
    expressions.forEach(expression -> values.add(evaluate(expression, scope)));
    return values;
  }

  private Object conditional(Conditional conditional, JinjaScope scope) {
    if (PythonValues.truth(evaluate(conditional.test(), scope))) {
      return evaluate(conditional.then(), scope);
    }
    return conditional.otherwise() == null
        ? new JinjaUndefined(
            "the inline if-expression evaluated to false and no else section was defined.")
        : evaluate(conditional.otherwise(), scope);
  }

  private Object comparison(Comparison comparison, JinjaScope scope) {
    Object left = evaluate(comparison.first(), scope);
    for (Operand operand : comparison.rest()) {
      Object right = evaluate(operand.right(), scope);
      if (!runtime.operators().compares(operand.operator(), left, right)) {
        return false;
      }
      left = right;
    }
    return true;
  }

  private static Object sign(Sign sign, Object value) {
    if (value instanceof JinjaUndefined undefined) {
      throw undefined.fault();
    }
    if (!PythonNumbers.isNumber(value)) {
      throw new JinjaFault(
          "bad operand type for unary "
              + (sign.negative() ? "-" : "+")
              + ": '"
              + PythonValues.type(value)
              + "'");
    }
    if (sign.negative()) {
      return PythonNumbers.negate(value);
    }
    return value instanceof Double ? value : PythonNumbers.integer(PythonNumbers.big(value));
  }

  JinjaArguments arguments(Arguments arguments, JinjaScope scope) {
    if (arguments == Arguments.NONE) {
      return JinjaArguments.NONE;
    }
    List<Object> positional = evaluateAll(arguments.positional(), scope);
    if (arguments.spread() != null) {
      List<Object> spread = runtime.elements(evaluate(arguments.spread(), scope));
      runtime.budget().elements(spread.size());
      positional.addAll(spread);
    }
    Map<String, Object> named = new LinkedHashMap<>();
    for (Keyword keyword : arguments.keywords()) {
      name(named, keyword.name(), evaluate(keyword.value(), scope));
    }
    if (arguments.keywordSpread() != null) {
      if (!(evaluate(arguments.keywordSpread(), scope) instanceof Map<?, ?> spread)) {
        throw new JinjaFault("argument after ** must be a mapping");
      }
      runtime.budget().elements(spread.size());
      spread.forEach((key, value) -> name(named, runtime.text().str(key), value));
    }
    return new JinjaArguments(positional, named);
  }

  private static void name(Map<String, Object> named, String name, Object value) {
    if (named.put(name, value) != null) {
      throw new JinjaFault("got multiple values for keyword argument '" + name + "'");
    }
  }
}
