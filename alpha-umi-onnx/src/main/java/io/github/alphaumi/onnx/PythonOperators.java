package io.github.alphaumi.onnx;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Python's operators over values of every type, within a budget. */
final class PythonOperators {
  private final JinjaBudget budget;

  PythonOperators(JinjaBudget budget) {
    this.budget = budget;
  }

  Object binary(String operator, Object left, Object right) {
    if (operator.equals("%") && left instanceof String format) {
      return PythonPercentFormat.format(format, right, budget);
    }
    refuseUndefined(left, right);
    if (PythonNumbers.isNumber(left) && PythonNumbers.isNumber(right)) {
      return PythonArithmetic.apply(operator, left, right);
    }
    if (operator.equals("+")) {
      return add(left, right);
    }
    if (operator.equals("*")) {
      if (PythonNumbers.isInteger(right)) {
        return repeat(left, right);
      }
      if (PythonNumbers.isInteger(left)) {
        return repeat(right, left);
      }
    }
    throw unsupported(operator, left, right);
  }

  private Object add(Object left, Object right) {
    if (left instanceof String a && right instanceof String b) {
      budget.text((long) a.length() + b.length());
      return a + b;
    }
    if (isPlainList(left) && isPlainList(right) || isTuple(left) && isTuple(right)) {
      List<?> a = (List<?>) left;
      List<?> b = (List<?>) right;
      budget.elements((long) a.size() + b.size());
      List<Object> sum = new ArrayList<>(a.size() + b.size());
      sum.addAll(a);
      sum.addAll(b);
      return isTuple(left) ? PythonTuple.copyOf(sum) : sum;
    }
    if (left instanceof String || isPlainList(left)) {
      String type = PythonValues.type(left);
      throw new JinjaFault(
          "can only concatenate "
              + type
              + " (not \""
              + PythonValues.type(right)
              + "\") to "
              + type);
    }
    throw unsupported("+", left, right);
  }

  private Object repeat(Object value, Object times) {
    int count = Math.max(0, PythonNumbers.clampedInt(times));
    if (value instanceof String text) {
      budget.text((long) text.length() * count);
      return text.isEmpty() ? text : text.repeat(count);
    }
    if (isPlainList(value) || isTuple(value)) {
      List<?> list = (List<?>) value;
      budget.elements((long) list.size() * count);
      List<Object> repeated = new ArrayList<>();
      for (int i = 0; i < count && !list.isEmpty(); i++) {
        repeated.addAll(list);
      }
      return isTuple(value) ? PythonTuple.copyOf(repeated) : repeated;
    }
    throw unsupported("*", value, times);
  }

  boolean compares(String operator, Object left, Object right) {
    return switch (operator) {
      case "==" -> equal(left, right);
      case "!=" -> !equal(left, right);
      case "in" -> contains(right, left);
      case "not in" -> !contains(right, left);
      default -> ordered(operator, left, right);
    };
  }

  private boolean ordered(String operator, Object left, Object right) {
    if (PythonNumbers.isNaN(left) || PythonNumbers.isNaN(right)) {
      return false;
    }
    int order = compare(operator, left, right);
    return switch (operator) {
      case "<" -> order < 0;
      case "<=" -> order <= 0;
      case ">" -> order > 0;
      default -> order >= 0;
    };
  }

  /** The order of two values; {@code operator} is for the message if they have none. */
  int compare(String operator, Object left, Object right) {
    budget.enter();
    refuseUndefined(left, right);
    int order;
    if (PythonNumbers.isNumber(left) && PythonNumbers.isNumber(right)) {
      order = PythonNumbers.compare(left, right);
    } else if (left instanceof String a && right instanceof String b) {
      budget.work(Math.min(a.length(), b.length()));
      order = PythonStrings.compare(a, b);
    } else if (isPlainList(left) && isPlainList(right) || isTuple(left) && isTuple(right)) {
      order = compareElements(operator, (List<?>) left, (List<?>) right);
    } else {
      throw new JinjaFault(
          "'"
              + operator
              + "' not supported between instances of '"
              + PythonValues.type(left)
              + "' and '"
              + PythonValues.type(right)
              + "'");
    }
    budget.leave();
    return order;
  }

  private int compareElements(String operator, List<?> left, List<?> right) {
    for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
      if (!equal(left.get(i), right.get(i))) {
        return compare(operator, left.get(i), right.get(i));
      }
    }
    return Integer.compare(left.size(), right.size());
  }

  Comparator<Object> order() {
    return (left, right) -> compare("<", left, right);
  }

  boolean equal(Object left, Object right) {
    budget.enter();
    boolean equal = left == right ? !PythonNumbers.isNaN(left) : equalValues(left, right);
    budget.leave();
    return equal;
  }

  private boolean equalValues(Object left, Object right) {
    if (PythonNumbers.isNumber(left) && PythonNumbers.isNumber(right)) {
      return !PythonNumbers.isNaN(left)
          && !PythonNumbers.isNaN(right)
          && PythonNumbers.compare(left, right) == 0;
    }
    if (left instanceof String a && right instanceof String b) {
      budget.work(a.length() == b.length() ? a.length() : 0);
      return a.equals(b);
    }
    if (left instanceof List<?> a && right instanceof List<?> b) {
      return PythonValues.type(a).equals(PythonValues.type(b)) && equalElements(a, b);
    }
    if (left instanceof Map<?, ?> a && right instanceof Map<?, ?> b) {
      return equalDicts(a, b);
    }
    return left instanceof JinjaUndefined && right instanceof JinjaUndefined;
  }

  private boolean equalElements(List<?> left, List<?> right) {
    if (left.size() != right.size()) {
      return false;
    }
    for (int i = 0; i < left.size(); i++) {
      if (!equal(left.get(i), right.get(i))) {
        return false;
      }
    }
    return true;
  }

  private boolean equalDicts(Map<?, ?> left, Map<?, ?> right) {
    if (left.size() != right.size()) {
      return false;
    }
    for (Map.Entry<?, ?> entry : left.entrySet()) {
      Object other = PythonDicts.find(right, entry.getKey());
      if (other == null || !equal(entry.getValue(), other)) {
        return false;
      }
    }
    return true;
  }

  boolean contains(Object container, Object value) {
    if (container instanceof String text) {
      if (!(value instanceof String part)) {
        throw new JinjaFault(
            "'in <string>' requires string as left operand, not " + PythonValues.type(value));
      }
      budget.work(text.length());
      return text.contains(part);
    }
    if (container instanceof Map<?, ?> map) {
      if (!PythonDicts.isHashable(value)) {
        throw new JinjaFault("unhashable type: '" + PythonValues.type(value) + "'");
      }
      return PythonDicts.find(map, value) != null;
    }
    if (!PythonValues.isIterable(container)) {
      throw new JinjaFault(
          "argument of type '" + PythonValues.type(container) + "' is not iterable");
    }
    for (Object element : (Iterable<Object>) () -> PythonValues.iterate(container)) {
      if (equal(element, value)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isPlainList(Object value) {
    return value instanceof List<?> && !isTuple(value) && !(value instanceof PythonRange);
  }

  private static boolean isTuple(Object value) {
    return value instanceof PythonTuple;
  }

  private static void refuseUndefined(Object left, Object right) {
    if (left instanceof JinjaUndefined undefined) {
      throw undefined.fault();
    }
    if (right instanceof JinjaUndefined undefined) {
      throw undefined.fault();
    }
  }

  private static JinjaFault unsupported(String operator, Object left, Object right) {
    return new JinjaFault(
        "unsupported operand type(s) for "
            + operator
            + ": '"
            + PythonValues.type(left)
            + "' and '"
            + PythonValues.type(right)
            + "'");
  }
}
