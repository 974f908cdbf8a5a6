package io.github.alphaumi.onnx;

/**
 * One token of a template.
 *
 * @param value the text of {@code TEXT}, {@code NAME} and {@code OPERATOR}; the decoded literal of
 *     {@code STRING} (String), {@code INTEGER} (Long or BigInteger) and {@code FLOAT} (Double)
 * @param line counted from 1
 */
record JinjaToken(Type type, Object value, int line) {
  enum Type {
    TEXT("text"),
    OUTPUT_BEGIN("'{{'"),
    OUTPUT_END("'}}'"),
    TAG_BEGIN("'{%'"),
    TAG_END("'%}'"),
    NAME("a name"),
    STRING("a string"),
    INTEGER("an integer"),
    FLOAT("a float"),
    OPERATOR("an operator"),
    END("the end of the template");

    private final String words;

    Type(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  boolean is(Type wanted) {
    return type == wanted;
  }

  boolean isName(String name) {
    return type == Type.NAME && value.equals(name);
  }

  boolean isOperator(String operator) {
    return type == Type.OPERATOR && value.equals(operator);
  }

  String describe() {
    return type == Type.NAME || type == Type.OPERATOR ? "'" + value + "'" : type.words();
  }
}
