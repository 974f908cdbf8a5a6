package io.github.alphaumi.onnx;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * Numbers between two bounds, as digits: a number is at least another if it has more digits, or the
 * first that differs is larger. Written without exponent; a bound that is missing allows 18 digits.
 */
final class NumberRange {
  private static final int DIGITS = 18;
  private static final int LONGEST = 100;

  private final JsonText text;
  private final Arena arena;

  NumberRange(JsonText text) {
    this.text = text;
    this.arena = text.arena;
  }

  /** Both bounds belong to the range; null means that there is none. */
  Expression integers(@Nullable BigDecimal low, @Nullable BigDecimal high) {
    BigInteger from =
        low == null ? null : check(low).setScale(0, RoundingMode.CEILING).toBigInteger();
    BigInteger to =
        high == null ? null : check(high).setScale(0, RoundingMode.FLOOR).toBigInteger();
    BigInteger zero = BigInteger.ZERO;
    BigInteger one = BigInteger.ONE;
    Expression positive =
        to != null && to.signum() < 0
            ? arena.empty
            : natural(from == null ? zero : from.max(zero), to);
    Expression negative =
        from != null && from.signum() >= 0
            ? arena.empty
            : natural(to == null ? one : to.negate().max(one), from == null ? null : from.negate());
    return arena.alt(positive, arena.seq(arena.literal("-"), negative));
  }

  /** Both bounds belong to the range; null means that there is none. */
  Expression decimals(@Nullable BigDecimal low, @Nullable BigDecimal high) {
    BigDecimal zero = BigDecimal.ZERO;
    BigDecimal from = low == null ? null : check(low);
    BigDecimal to = high == null ? null : check(high);
    Expression positive =
        to != null && to.signum() < 0
            ? arena.empty
            : magnitude(from == null ? zero : from.max(zero), to);
    Expression negative =
        from != null && from.signum() >= 0
            ? arena.empty
            : magnitude(
                to == null ? zero : to.negate().max(zero), from == null ? null : from.negate());
    return arena.alt(positive, arena.seq(arena.literal("-"), negative));
  }

  private static BigDecimal check(BigDecimal bound) {
    BigDecimal plain = bound.stripTrailingZeros();
    if (Math.abs((long) plain.scale()) + plain.precision() > LONGEST) {
      throw new IllegalArgumentException(
          "bound " + bound + " of a number has more than " + LONGEST + " digits");
    }
    return plain;
  }

  private Expression natural(BigInteger low, @Nullable BigInteger high) {
    int digits = Math.max(DIGITS, low.toString().length() + 1);
    BigInteger top = high == null ? BigInteger.TEN.pow(digits).subtract(BigInteger.ONE) : high;
    Expression result = arena.empty;
    for (int length = low.toString().length(); length <= top.toString().length(); length++) {
      BigInteger least = length == 1 ? BigInteger.ZERO : BigInteger.TEN.pow(length - 1);
      BigInteger most = BigInteger.TEN.pow(length).subtract(BigInteger.ONE);
      BigInteger from = least.max(low);
      BigInteger to = most.min(top);
      if (from.compareTo(to) <= 0) {
        result = arena.alt(result, sameLength(from.toString(), to.toString()));
      }
    }
    return result;
  }

  private Expression sameLength(String low, String high) {
    if (low.equals("0".repeat(low.length())) && high.equals("9".repeat(high.length()))) {
      return text.digits(low.length(), low.length());
    }
    int rest = low.length() - 1;
    char from = low.charAt(0);
    char to = high.charAt(0);
    if (from == to) {
      return arena.seq(arena.range(from, to), sameLength(low.substring(1), high.substring(1)));
    }
    return arena.alt(
        arena.seq(arena.range(from, from), sameLength(low.substring(1), "9".repeat(rest))),
        arena.seq(arena.range(from + 1, to - 1), text.digits(rest, rest)),
        arena.seq(arena.range(to, to), sameLength("0".repeat(rest), high.substring(1))));
  }

  private Expression magnitude(BigDecimal low, @Nullable BigDecimal high) {
    BigInteger from = low.toBigInteger();
    String above = fraction(low);
    if (high == null) {
      return arena.alt(
          arena.seq(arena.literal(from.toString()), atLeast(above)),
          arena.seq(natural(from.add(BigInteger.ONE), null), text.fraction()));
    }
    if (low.compareTo(high) > 0) {
      return arena.empty;
    }
    BigInteger to = high.toBigInteger();
    String below = fraction(high);
    if (from.equals(to)) {
      int length = Math.max(above.length(), below.length());
      Expression between =
          above.isEmpty()
              ? atMost(below)
              : arena.seq(arena.literal("."), between(pad(above, length), pad(below, length)));
      return arena.seq(arena.literal(from.toString()), between);
    }
    BigInteger next = from.add(BigInteger.ONE);
    BigInteger last = to.subtract(BigInteger.ONE);
    Expression middle = next.compareTo(last) > 0 ? arena.empty : natural(next, last);
    return arena.alt(
        arena.seq(arena.literal(from.toString()), atLeast(above)),
        arena.seq(middle, text.fraction()),
        arena.seq(arena.literal(to.toString()), atMost(below)));
  }

  /** The digits behind the point, without zeros at the end. */
  private static String fraction(BigDecimal value) {
    BigDecimal rest = value.remainder(BigDecimal.ONE).stripTrailingZeros();
    return rest.signum() == 0 ? "" : rest.toPlainString().substring(2);
  }

  private static String pad(String digits, int length) {
    return digits + "0".repeat(length - digits.length());
  }

  private Expression atLeast(String digits) {
    return digits.isEmpty()
        ? text.fraction()
        : arena.seq(arena.literal("."), digitsAtLeast(digits));
  }

  private Expression atMost(String digits) {
    return arena.optional(arena.seq(arena.literal("."), firstDigitsAtMost(digits)));
  }

  private Expression firstDigitsAtMost(String digits) {
    return digitsAtMost(digits.isEmpty() ? "0" : digits);
  }

  /** Digits of a fraction that is {@code low} or more. */
  private Expression digitsAtLeast(String low) {
    if (low.isEmpty()) {
      return text.digits(0, DIGITS - 1);
    }
    char digit = low.charAt(0);
    return arena.alt(
        arena.seq(arena.range(digit + 1, '9'), text.digits(0, DIGITS - 1)),
        arena.seq(arena.range(digit, digit), digitsAtLeast(low.substring(1))));
  }

  /** Digits, at least one, of a fraction that is {@code high} or less. */
  private Expression digitsAtMost(String high) {
    char digit = high.charAt(0);
    Expression rest =
        high.length() == 1
            ? arena.repeat(arena.literal("0"), 0, DIGITS - 1)
            : arena.optional(digitsAtMost(high.substring(1)));
    return arena.alt(
        arena.seq(arena.range('0', digit - 1), text.digits(0, DIGITS - 1)),
        arena.seq(arena.range(digit, digit), rest));
  }

  private Expression between(String low, String high) {
    if (low.isEmpty()) {
      return arena.repeat(arena.literal("0"), 0, DIGITS - 1);
    }
    char from = low.charAt(0);
    char to = high.charAt(0);
    String lowRest = low.substring(1);
    String highRest = high.substring(1);
    if (from == to) {
      return arena.seq(arena.range(from, to), between(lowRest, highRest));
    }
    return arena.alt(
        arena.seq(arena.range(from, from), digitsAtLeast(lowRest)),
        arena.seq(arena.range(from + 1, to - 1), text.digits(0, DIGITS - 1)),
        arena.seq(arena.range(to, to), arena.optional(firstDigitsAtMost(highRest))));
  }
}
