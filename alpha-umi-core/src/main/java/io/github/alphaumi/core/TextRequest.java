package io.github.alphaumi.core;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What to continue, and how. Immutable.
 *
 * @param prompt the text before
 * @param stops the continuation ends before the first of these; they are not part of it
 * @param constraint what the continuation has to look like
 * @param sampling how tokens are chosen
 * @param sources texts that values in double quotes are likely to be copied from, word for word; an
 *     engine that can favours tokens that do so
 * @param maxTokens tokens to write at most
 * @param detail what the response says of the tokens
 * @param likeliest how many of the likeliest tokens it names in the place of each one; more than 0
 *     with {@link Detail#LOG_PROBABILITIES} only
 * @param affinity whose request this is, so that an engine can keep the right cache at hand
 * @param onText hears the continuation while it is written, whole characters only, on the thread
 *     that asked
 * @param cancellation ends the writing before the next token
 */
public record TextRequest(
    Prompt prompt,
    List<String> stops,
    Constraint constraint,
    Sampling sampling,
    List<String> sources,
    int maxTokens,
    Detail detail,
    int likeliest,
    @Nullable Affinity affinity,
    Consumer<String> onText,
    Cancellation cancellation) {

  /** A run and the role in it that asks. */
  public record Affinity(String runId, Role role) {}

  /** What a response says of the tokens that were written. */
  public enum Detail {
    /** Their text only. */
    TEXT,
    /** Which they were. */
    TOKENS,
    /**
     * Which they were and how probable. Text that a constraint leaves no choice about is then read
     * token by token, which takes longer; it stays the same.
     */
    LOG_PROBABILITIES
  }

  public TextRequest {
    stops = List.copyOf(stops);
    sources = List.copyOf(sources);
    if (stops.stream().anyMatch(String::isEmpty)) {
      throw new IllegalArgumentException("stops: an empty stop string would end every text");
    }
    if (maxTokens < 1) {
      throw new IllegalArgumentException("maxTokens: " + maxTokens + " is less than 1");
    }
    if (likeliest < 0) {
      throw new IllegalArgumentException("likeliest: " + likeliest + " is less than 0");
    }
    if (likeliest > 0 && detail != Detail.LOG_PROBABILITIES) {
      throw new IllegalArgumentException(
          "likeliest: " + likeliest + " tokens need the detail LOG_PROBABILITIES, not " + detail);
    }
  }

  /** Greedy, unconstrained, 256 tokens. */
  public static Builder builder(Prompt prompt) {
    return new Builder(prompt);
  }

  /** Not thread-safe. */
  public static final class Builder {
    private final Prompt prompt;
    private List<String> stops = List.of();
    private Constraint constraint = Constraint.none();
    private Sampling sampling = Sampling.greedy();
    private List<String> sources = List.of();
    private int maxTokens = 256;
    private Detail detail = Detail.TEXT;
    private int likeliest;
    private @Nullable Affinity affinity;
    private Consumer<String> onText = text -> {};
    private Cancellation cancellation = Cancellation.create();

    private Builder(Prompt prompt) {
      this.prompt = prompt;
    }

    public Builder stops(List<String> stops) {
      this.stops = stops;
      return this;
    }

    public Builder constraint(Constraint constraint) {
      this.constraint = constraint;
      return this;
    }

    public Builder sampling(Sampling sampling) {
      this.sampling = sampling;
      return this;
    }

    /** None by default. */
    public Builder sources(List<String> sources) {
      this.sources = sources;
      return this;
    }

    public Builder maxTokens(int maxTokens) {
      this.maxTokens = maxTokens;
      return this;
    }

    /** {@link Detail#TEXT} by default; a model that knows no tokens gives no more. */
    public Builder detail(Detail detail) {
      this.detail = detail;
      return this;
    }

    /** 0 by default. */
    public Builder likeliest(int tokens) {
      this.likeliest = tokens;
      return this;
    }

    public Builder affinity(Affinity affinity) {
      this.affinity = affinity;
      return this;
    }

    public Builder onText(Consumer<String> onText) {
      this.onText = onText;
      return this;
    }

    public Builder cancellation(Cancellation cancellation) {
      this.cancellation = cancellation;
      return this;
    }

    public TextRequest build() {
      return new TextRequest(
          prompt,
          stops,
          constraint,
          sampling,
          sources,
          maxTokens,
          detail,
          likeliest,
          affinity,
          onText,
          cancellation);
    }
  }
}
