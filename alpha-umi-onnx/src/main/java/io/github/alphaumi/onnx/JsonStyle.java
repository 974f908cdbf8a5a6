package io.github.alphaumi.onnx;

/**
 * Which of the many ways to write the same JSON are allowed.
 *
 * @param order of the members of an object
 * @param blanks between tokens
 * @param closed whether an object that lists its properties and says nothing of others allows no
 *     others: small models invent them where they may. JSON Schema itself allows them.
 */
record JsonStyle(Order order, Blanks blanks, boolean closed) {

  /** What {@code json.dumps} writes, members in the order of the schema. */
  static final JsonStyle PYTHON = new JsonStyle(Order.FIXED, Blanks.PYTHON, true);

  /** The widest form: all that the schema allows, within the bounds of {@link JsonSchema}. */
  static final JsonStyle LENIENT = new JsonStyle(Order.ANY, Blanks.FREE, false);

  enum Order {
    /** As the schema lists them; undeclared members come last. */
    FIXED,
    ANY
  }

  enum Blanks {
    NONE,
    /** Exactly {@code ", "} and {@code ": "}. */
    PYTHON,
    /** Wherever JSON allows them, up to {@value JsonText#BLANKS} at a place. */
    FREE
  }
}
