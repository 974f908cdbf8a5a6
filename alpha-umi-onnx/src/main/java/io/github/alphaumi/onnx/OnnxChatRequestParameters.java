package io.github.alphaumi.onnx;

import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Parameters of a chat request, with those that only a model in this process has. Immutable.
 *
 * <pre>{@code
 * OnnxChatRequestParameters.builder().temperature(0.7).seed(42L).build()
 * }</pre>
 */
public final class OnnxChatRequestParameters extends DefaultChatRequestParameters {
  private final @Nullable Long seed;

  private OnnxChatRequestParameters(Builder builder) {
    super(builder);
    seed = builder.seed;
  }

  public static Builder builder() {
    return new Builder();
  }

  /** The same seed gives the same text; without one, each request draws its own. */
  public @Nullable Long seed() {
    return seed;
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
        && Objects.equals(seed, that.seed);
  }

  @Override
  public int hashCode() {
    return 31 * super.hashCode() + Objects.hashCode(seed);
  }

  @Override
  public String toString() {
    return super.toString() + " seed=" + seed;
  }

  /** Not thread-safe. */
  public static final class Builder extends DefaultChatRequestParameters.Builder<Builder> {
    private @Nullable Long seed;

    private Builder() {}

    @Override
    public Builder overrideWith(ChatRequestParameters parameters) {
      super.overrideWith(parameters);
      if (parameters instanceof OnnxChatRequestParameters own && own.seed != null) {
        seed = own.seed;
      }
      return this;
    }

    /** Where random choices begin; has no effect at temperature 0. */
    public Builder seed(@Nullable Long seed) {
      this.seed = seed;
      return this;
    }

    @Override
    public OnnxChatRequestParameters build() {
      return new OnnxChatRequestParameters(this);
    }
  }
}
