package io.github.alphaumi.core;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A model that continues raw text, as tuned roles need it. Thread-safe.
 *
 * <p>A model that cannot enforce a {@link Constraint} may ignore it; the loop checks anyway.
 */
public interface TextModel {

  /**
   * Continues the prompt.
   *
   * @return the text and why it ended; a prompt that does not fit is a {@link Finish#CONTEXT_FULL},
   *     not an exception
   * @throws AlphaUmiException if the model cannot work at all
   */
  Response complete(Request request);

  /** What it is called, for those who watch a run. */
  default Name modelName() {
    return Name.unknown();
  }

  /** Tokens that prompt and continuation may have together. */
  int contextWindow();

  /**
   * Tokens that this model reads a text as. An engine knows; without one it is an estimate from the
   * number of characters, rather too high than too low.
   */
  default int countTokens(String text) {
    return TokenEstimate.of(text);
  }

  /**
   * What to continue, and how. Immutable.
   *
   * @param prompt the text before
   * @param stops the continuation ends before the first of these; they are not part of it
   * @param constraint what the continuation has to look like
   * @param sampling how tokens are chosen
   * @param sources texts that values in double quotes are likely to be copied from, word for word;
   *     an engine that can favours tokens that do so
   * @param nameBias by how much a name's log-probability is raised where the constraint offers it
   *     among others; an engine that can does so
   * @param maxTokens tokens to write at most
   * @param detail what the response says of the tokens
   * @param likeliest how many of the likeliest tokens it names in the place of each one; more than
   *     0 with {@link Detail#LOG_PROBABILITIES} only
   * @param affinity whose request this is, so that an engine can keep the right cache at hand
   * @param onText hears the continuation while it is written, whole characters only, on the thread
   *     that asked
   * @param cancellation ends the writing before the next token
   */
  record Request(
      Prompt prompt,
      List<String> stops,
      Constraint constraint,
      Sampling sampling,
      List<String> sources,
      Map<String, Double> nameBias,
      int maxTokens,
      Detail detail,
      int likeliest,
      @Nullable Affinity affinity,
      Consumer<String> onText,
      Cancellation cancellation) {

    public Request {
      stops = List.copyOf(stops);
      sources = List.copyOf(sources);
      nameBias = Map.copyOf(nameBias);
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
      private Map<String, Double> nameBias = Map.of();
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

      /** None by default. */
      public Builder nameBias(Map<String, Double> nameBias) {
        this.nameBias = nameBias;
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

      public Request build() {
        return new Request(
            prompt,
            stops,
            constraint,
            sampling,
            sources,
            nameBias,
            maxTokens,
            detail,
            likeliest,
            affinity,
            onText,
            cancellation);
      }
    }
  }

  /** A run and the role in it that asks. */
  record Affinity(String runId, Role role) {}

  /** What a response says of the tokens that were written. */
  enum Detail {
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

  /**
   * A continuation. Immutable.
   *
   * @param text what was written, without the stop string
   * @param finish why it ended
   * @param use what it cost
   * @param tokens what was written, token by token, with those of a stop string and without an end
   *     token; empty unless the request's {@link Detail} wants them and the model has them. A
   *     constraint's ending that the vocabulary cannot spell is in the text only
   */
  record Response(String text, Finish finish, ModelUse use, List<Token> tokens) {

    public Response {
      tokens = List.copyOf(tokens);
    }

    /** Without tokens. */
    public Response(String text, Finish finish, ModelUse use) {
      this(text, finish, use, List.of());
    }
  }

  /** Why a text ended. */
  enum Finish {
    /** The model ended it, a stop string came, or the constraint was fulfilled. */
    STOP,
    /** The number of tokens was used up. */
    LENGTH,
    /** Prompt and continuation reached the context window; the text may be empty. */
    CONTEXT_FULL,
    /** The request was cancelled; the text is what there was. */
    CANCELLED
  }

  /**
   * One token that a model wrote. Immutable.
   *
   * @param id its number in the model's vocabulary
   * @param text the characters that it completed: none while a character is in parts, more than its
   *     own with the last of them, so that the texts of all tokens together are what was written
   * @param logProbability the natural logarithm of the probability that the model gave it, of its
   *     logits as they are, before constraint, penalty and temperature; null if it was not asked
   *     for
   * @param likeliest the tokens that the model held the likeliest in its place, the likeliest
   *     first, it among them or not; as many as were asked for
   */
  record Token(int id, String text, @Nullable Double logProbability, List<Candidate> likeliest) {

    public Token {
      likeliest = List.copyOf(likeliest);
    }

    /**
     * A token that could have come.
     *
     * @param text its characters on their own, U+FFFD for parts of one; the name of a control token
     * @param logProbability the natural logarithm of its probability, as that of the token that
     *     came
     */
    public record Candidate(int id, String text, double logProbability) {}
  }

  /**
   * Which model is asked, for those who watch a run. Immutable.
   *
   * @param provider who offers it, as OpenTelemetry's conventions for generative AI spell it
   *     ({@code openai}, {@code aws.bedrock}); empty if unknown
   * @param name the model's own name; empty if unknown
   */
  record Name(String provider, String name) {
    private static final Name UNKNOWN = new Name("", "");

    /** Nothing is known. */
    public static Name unknown() {
      return UNKNOWN;
    }
  }
}
