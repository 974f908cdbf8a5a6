package io.github.alphaumi.lab.world;

/**
 * How a person wrote a value.
 *
 * @param before words of the writer's own, which may have typing errors ({@code "order "})
 * @param value the value itself, which has none
 * @param after like {@code before}
 * @param closed whether nothing may follow in the same sentence, because the value has no end mark
 * @param withoutOn whether it takes no "on" before it: "tomorrow"
 */
record Spelling(String before, String value, String after, boolean closed, boolean withoutOn) {
  static Spelling of(String value) {
    return new Spelling("", value, "", false, false);
  }
}
