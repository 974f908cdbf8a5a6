package io.github.alphaumi.onnx;

import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Parameters of a chat request, with those that only a model in this process has. Immutable.
 *
 * <pre>{@code
 * OnnxChatRequestParameters.builder().temperature(0.7).minP(0.05).seed(42L).build()
 * }</pre>
 */
public final class OnnxChatRequestParameters extends DefaultChatRequestParameters {
  private final @Nullable Long seed;
  private final @Nullable Double minP;
  private final @Nullable Double repetitionPenalty;

  private OnnxChatRequestParameters(Builder builder) {
    super(builder);
    seed = builder.seed;
    minP = builder.minP;
    repetitionPenalty = builder.repetitionPenalty;
  }

  public static Builder builder() {
    return new Builder();
  }

  /** The same seed gives the same text; without one, each request draws its own. */
  public @Nullable Long seed() {
    return seed;
  }

  /** See {@link io.github.alphaumi.core.Sampling#minP()}. */
  public @Nullable Double minP() {
    return minP;
  }

  /** See {@link io.github.alphaumi.core.Sampling#repetitionPenalty()}. */
  public @Nullable Double repetitionPenalty() {
    return repetitionPenalty;
  }

  @Override
  public OnnxChatRequestParameters overrideWith(ChatRequestParameters that) {
    return builder().overrideWith(this).overrideWith(that).build();
  }

  @Override
  public OnnxChatRequestParameters defaultedBy(ChatRequestParameters that) {
    return builder().overrideWith(that).overrideWith(this).build();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return super.equals(other)
        && other instanceof OnnxChatRequestParameters that
        && Objects.equals(seed, that.seed)
        && Objects.equals(minP, that.minP)
        && Objects.equals(repetitionPenalty, that.repetitionPenalty);
  }

  @Override
  public int hashCode() {
    return 31 * super.hashCode() + Objects.hash(seed, minP, repetitionPenalty);
  }

  @Override
  public String toString() {
    return super.toString()
        + " seed="
        + seed
        + " minP="
        + minP
        + " repetitionPenalty="
        + repetitionPenalty;
  }

  /** Not thread-safe. */
  public static final class Builder extends DefaultChatRequestParameters.Builder<Builder> {
    private @Nullable Long seed;
    private @Nullable Double minP;
    private @Nullable Double repetitionPenalty;

    private Builder() {}

    @Override
    public Builder overrideWith(ChatRequestParameters parameters) {
      super.overrideWith(parameters);
      if (parameters instanceof OnnxChatRequestParameters own) {
        seed = own.seed != null ? own.seed : seed;
        minP = own.minP != null ? own.minP : minP;
        repetitionPenalty =
            own.repetitionPenalty != null ? own.repetitionPenalty : repetitionPenalty;
      }
      return this;
    }

    /** Where random choices begin; has no effect at temperature 0. */
    public Builder seed(@Nullable Long seed) {
      this.seed = seed;
      return this;
    }

    /** Only tokens at least this probable in proportion to the likeliest; 0 for all. */
    public Builder minP(@Nullable Double minP) {
      this.minP = minP;
      return this;
    }

    /** Above 1 makes what was said less likely, the prompt included; 1 for none. */
    public Builder repetitionPenalty(@Nullable Double repetitionPenalty) {
      this.repetitionPenalty = repetitionPenalty;
      return this;
    }

    @Override
    public OnnxChatRequestParameters build() {
      return new OnnxChatRequestParameters(this);
    }
  }
}
