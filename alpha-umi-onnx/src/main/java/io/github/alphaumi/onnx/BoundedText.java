package io.github.alphaumi.onnx;

/** A string builder that asks the budget before it grows. Not thread-safe. */
final class BoundedText {
  private final StringBuilder characters = new StringBuilder();
  private final JinjaBudget budget;

  BoundedText(JinjaBudget budget) {
    this.budget = budget;
  }

  BoundedText append(String text) {
    if ((long) characters.length() + text.length() > JinjaBudget.MAX_TEXT_CHARS) {
      throw new JinjaFault(
          "a text would be longer than " + JinjaBudget.MAX_TEXT_CHARS + " characters");
    }
    budget.text(text.length());
    characters.append(text);
    return this;
  }

  BoundedText append(char character) {
    return append(String.valueOf(character));
  }

  boolean isEmpty() {
    return characters.isEmpty();
  }

  @Override
  public String toString() {
    return characters.toString();
  }
}
