package io.github.alphaumi.core;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/**
 * A raw prompt in parts, some of which were written by others. Immutable.
 *
 * <p>The parts of a format's own templates may hold control tokens (a turn's beginning, a turn's
 * end); tasks, tool documents and observations may not: an engine reads such a token there as the
 * characters it is made of, so that no text can forge a turn.
 */
public final class Prompt {
  private final List<Part> parts;

  /**
   * @param text the characters
   * @param control whether control tokens in it count as such
   */
  public record Part(String text, boolean control) {}

  private Prompt(List<Part> parts) {
    this.parts = List.copyOf(parts);
  }

  /** One trusted text. */
  public static Prompt of(String text) {
    return builder().control(text).build();
  }

  public static Builder builder() {
    return new Builder();
  }

  public List<Part> parts() {
    return parts;
  }

  /** All parts as one text, as training data has it. */
  public String text() {
    return parts.stream().map(Part::text).collect(Collectors.joining());
  }

  /**
   * The end of this prompt, as much as this number of tokens holds: the published way to make a
   * prompt fit, which loses instructions and tools first and then the task.
   *
   * @param count counts the tokens of a text
   */
  public Prompt last(int tokens, ToIntFunction<String> count) {
    String text = text();
    if (count.applyAsInt(text) <= tokens) {
      return this;
    }
    int tooLong = 0;
    int fits = text.length();
    while (fits - tooLong > 1) {
      int middle = (tooLong + fits) >>> 1;
      if (count.applyAsInt(text.substring(middle)) <= tokens) {
        fits = middle;
      } else {
        tooLong = middle;
      }
    }
    boolean half = fits < text.length() && Character.isLowSurrogate(text.charAt(fits));
    return from(half ? fits + 1 : fits);
  }

  private Prompt from(int start) {
    Builder rest = builder();
    int end = 0;
    for (Part part : parts) {
      int begin = end;
      end += part.text().length();
      if (end > start) {
        rest.add(part.text().substring(Math.max(0, start - begin)), part.control());
      }
    }
    return rest.build();
  }

  @Override
  public String toString() {
    return text();
  }

  /** Not thread-safe. */
  public static final class Builder {
    private final List<Part> parts = new ArrayList<>();

    private Builder() {}

    /** Text of a template. */
    public Builder control(String text) {
      return add(text, true);
    }

    /** Text of a user, a tool or a model. */
    public Builder text(String text) {
      return add(text, false);
    }

    private Builder add(String text, boolean control) {
      if (!text.isEmpty()) {
        parts.add(new Part(text, control));
      }
      return this;
    }

    public Prompt build() {
      return new Prompt(parts);
    }
  }
}
