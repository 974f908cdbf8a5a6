package io.github.alphaumi.lab;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A share with its 95 % interval by Wilson's score, which also holds for small counts and for
 * shares near 0 and 1.
 */
record Wilson(int count, int of) {
  private static final double Z = 1.959963984540054;

  double low() {
    return of == 0 ? 0 : Math.max(0, center() - margin());
  }

  double high() {
    return of == 0 ? 1 : Math.min(1, center() + margin());
  }

  private double center() {
    return ((double) count / of + Z * Z / (2.0 * of)) / (1 + Z * Z / of);
  }

  private double margin() {
    double share = (double) count / of;
    return Z
        / (1 + Z * Z / of)
        * Math.sqrt(share * (1 - share) / of + Z * Z / (4.0 * of * (double) of));
  }

  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("count", count);
    json.put("of", of);
    if (of > 0) {
      json.put("share", (double) count / of);
    }
    json.put("interval95", List.of(low(), high()));
    return json;
  }

  /** For example {@code 9 of 10, 0.900 (0.60 to 0.98)}. */
  String ofAll() {
    return of == 0
        ? "0 of 0"
        : String.format(
            Locale.ROOT,
            "%d of %d, %.3f (%.2f to %.2f)",
            count,
            of,
            (double) count / of,
            low(),
            high());
  }

  /** For example {@code 9 (0.60 to 0.98)}. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%d (%.2f to %.2f)", count, low(), high());
  }
}
