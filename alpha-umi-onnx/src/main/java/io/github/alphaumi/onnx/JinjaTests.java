package io.github.alphaumi.onnx;

import java.util.List;
import java.util.Map;

/** The tests, which follow {@code is}, by name. */
final class JinjaTests {
  /** One test; stateless. */
  interface JinjaTest {
    boolean test(JinjaRuntime runtime, Object value, JinjaArguments arguments);
  }

  private static final Map<String, JinjaTest> TESTS =
      Map.ofEntries(
          Map.entry("defined", (r, v, a) -> !(v instanceof JinjaUndefined)),
          Map.entry("undefined", (r, v, a) -> v instanceof JinjaUndefined),
          Map.entry("none", (r, v, a) -> v == PythonNone.NONE),
          Map.entry("true", (r, v, a) -> Boolean.TRUE.equals(v)),
          Map.entry("false", (r, v, a) -> Boolean.FALSE.equals(v)),
          Map.entry("boolean", (r, v, a) -> v instanceof Boolean),
          Map.entry("string", (r, v, a) -> v instanceof String),
          Map.entry("number", (r, v, a) -> PythonNumbers.isNumber(v)),
          Map.entry("integer", (r, v, a) -> PythonNumbers.isInteger(v) && !(v instanceof Boolean)),
          Map.entry("float", (r, v, a) -> v instanceof Double),
          Map.entry("mapping", (r, v, a) -> v instanceof Map<?, ?>),
          Map.entry("iterable", (r, v, a) -> PythonValues.isIterable(v)),
          Map.entry("sequence", (r, v, a) -> isSequence(v)),
          Map.entry("callable", (r, v, a) -> isCallable(v)),
          Map.entry("sameas", (r, v, a) -> isSame(v, operand("sameas", a))),
          Map.entry("escaped", (r, v, a) -> false),
          Map.entry("upper", (r, v, a) -> PythonCase.isUpper(r.text().str(v))),
          Map.entry("lower", (r, v, a) -> PythonCase.isLower(r.text().str(v))),
          Map.entry("odd", (r, v, a) -> remainder(r, v, 2L, 1L)),
          Map.entry("even", (r, v, a) -> remainder(r, v, 2L, 0L)),
          Map.entry("divisibleby", (r, v, a) -> remainder(r, v, operand("divisibleby", a), 0L)),
          Map.entry("in", comparison("in")),
          Map.entry("eq", comparison("==")),
          Map.entry("==", comparison("==")),
          Map.entry("equalto", comparison("==")),
          Map.entry("ne", comparison("!=")),
          Map.entry("!=", comparison("!=")),
          Map.entry("lt", comparison("<")),
          Map.entry("<", comparison("<")),
          Map.entry("lessthan", comparison("<")),
          Map.entry("le", comparison("<=")),
          Map.entry("<=", comparison("<=")),
          Map.entry("gt", comparison(">")),
          Map.entry(">", comparison(">")),
          Map.entry("greaterthan", comparison(">")),
          Map.entry("ge", comparison(">=")),
          Map.entry(">=", comparison(">=")),
          Map.entry("filter", (r, v, a) -> v instanceof String s && JinjaFilters.exists(s)),
          Map.entry("test", (r, v, a) -> v instanceof String s && exists(s)));

  private JinjaTests() {}

  static JinjaTest find(String name) {
    JinjaTest test = TESTS.get(name);
    if (test == null) {
      throw new JinjaFault("No test named '" + name + "'");
    }
    return test;
  }

  /** A method of its own because a map cannot be read while it is being made. */
  private static boolean exists(String name) {
    return TESTS.containsKey(name);
  }

  private static JinjaTest comparison(String operator) {
    return (runtime, value, arguments) ->
        runtime.operators().compares(operator, value, operand(operator, arguments));
  }

  private static Object operand(String test, JinjaArguments arguments) {
    return arguments.bind(test, 1, "other").get(0);
  }

  private static boolean remainder(
      JinjaRuntime runtime, Object value, Object divisor, Object remainder) {
    if (value instanceof String) {
      throw new JinjaFault("a number is required, not str");
    }
    return runtime.operators().equal(runtime.operators().binary("%", value, divisor), remainder);
  }

  private static boolean isSequence(Object value) {
    return value instanceof String
        || value instanceof List<?>
        || value instanceof Map<?, ?>
        || value instanceof JinjaUndefined;
  }

  private static boolean isCallable(Object value) {
    return value instanceof JinjaFunction || value instanceof JinjaUndefined;
  }

  /** Identity, where equal small values count as one as they do in CPython. */
  private static boolean isSame(Object left, Object right) {
    boolean value = left instanceof Boolean || left instanceof Long || left instanceof String;
    return left == right || (value && left.equals(right));
  }
}
