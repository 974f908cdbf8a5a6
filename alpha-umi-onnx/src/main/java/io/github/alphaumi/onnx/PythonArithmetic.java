package io.github.alphaumi.onnx;

import java.math.BigInteger;

/** Python's arithmetic on numbers: integers never overflow, {@code //} and {@code %} floor. */
final class PythonArithmetic {
  private PythonArithmetic() {}

  static Object apply(String operator, Object left, Object right) {
    if (operator.equals("/")) {
      return divide(PythonNumbers.real(left), PythonNumbers.real(right));
    }
    if (left instanceof Double || right instanceof Double) {
      return real(operator, PythonNumbers.real(left), PythonNumbers.real(right));
    }
    return integer(operator, PythonNumbers.big(left), PythonNumbers.big(right));
  }

  private static Object real(String operator, double left, double right) {
    return switch (operator) {
      case "+" -> left + right;
      case "-" -> left - right;
      case "*" -> left * right;
      case "//" -> Math.floor(divide(left, right));
      case "%" -> modulo(left, right);
      case "**" -> power(left, right);
      default -> throw new IllegalArgumentException(operator);
    };
  }

  private static Object integer(String operator, BigInteger left, BigInteger right) {
    return switch (operator) {
      case "+" -> PythonNumbers.integer(left.add(right));
      case "-" -> PythonNumbers.integer(left.subtract(right));
      case "*" -> PythonNumbers.integer(left.multiply(right));
      case "//" -> PythonNumbers.integer(floorDivide(left, right));
      case "%" -> PythonNumbers.integer(left.subtract(floorDivide(left, right).multiply(right)));
      case "**" -> power(left, right);
      default -> throw new IllegalArgumentException(operator);
    };
  }

  private static double divide(double left, double right) {
    if (right == 0) {
      throw new JinjaFault("division by zero");
    }
    return left / right;
  }

  private static double modulo(double left, double right) {
    if (right == 0) {
      throw new JinjaFault("division by zero");
    }
    double remainder = left % right;
    return remainder != 0 && (remainder < 0) != (right < 0) ? remainder + right : remainder;
  }

  private static BigInteger floorDivide(BigInteger left, BigInteger right) {
    if (right.signum() == 0) {
      throw new JinjaFault("division by zero");
    }
    BigInteger[] parts = left.divideAndRemainder(right);
    boolean floors = parts[1].signum() != 0 && parts[1].signum() != right.signum();
    return floors ? parts[0].subtract(BigInteger.ONE) : parts[0];
  }

  private static Object power(double left, double right) {
    if (left == 0 && right < 0) {
      throw new JinjaFault("0.0 cannot be raised to a negative power");
    }
    double result = Math.pow(left, right);
    if (Double.isNaN(result) && !Double.isNaN(left) && !Double.isNaN(right)) {
      throw new JinjaFault("complex numbers are not supported");
    }
    if (Double.isInfinite(result) && !Double.isInfinite(left) && !Double.isInfinite(right)) {
      throw new JinjaFault("the result of '**' is too large");
    }
    return result;
  }

  private static Object power(BigInteger left, BigInteger right) {
    if (right.signum() < 0) {
      return power(PythonNumbers.real(left), PythonNumbers.real(right));
    }
    if (left.abs().bitLength() <= 1) {
      // 0, 1 and -1 stay small, whatever the exponent.
      return PythonNumbers.integer(
          right.testBit(0) ? left : left.pow(Math.min(2, right.signum() * 2)));
    }
    long bits =
        right.bitLength() > 31 ? Long.MAX_VALUE : (left.bitLength() - 1L) * right.intValue();
    if (bits > JinjaBudget.MAX_INTEGER_BITS) {
      throw new JinjaFault("an integer needs more than " + JinjaBudget.MAX_INTEGER_BITS + " bits");
    }
    return PythonNumbers.integer(left.pow(right.intValue()));
  }
}
