package io.github.alphaumi.onnx;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.ToolChoice;
import io.github.alphaumi.core.Sampling;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** What a request may ask of a model, and what it gets where it asks for nothing. Immutable. */
final class ChatParameters {
  static final int DEFAULT_MAX_TOKENS = 1024;

  private final String ownName;
  private final Set<String> adapters;
  private final ChatRequestParameters defaults;

  /**
   * @param ownName the name of the model without an adapter
   * @throws UnsupportedFeatureException if the defaults want what is not to be had
   */
  ChatParameters(String ownName, Set<String> adapters, ChatRequestParameters defaults) {
    this.ownName = ownName;
    this.adapters = Set.copyOf(adapters);
    check(defaults);
    this.defaults =
        OnnxChatRequestParameters.builder().modelName(ownName).overrideWith(defaults).build();
  }

  ChatRequestParameters defaults() {
    return defaults;
  }

  /** Refuses what the model cannot do; the words are those langchain4j's tests look for. */
  void check(ChatRequestParameters wanted) {
    adapter(wanted);
    refuse(wanted.frequencyPenalty(), "frequencyPenalty");
    refuse(wanted.presencePenalty(), "presencePenalty");
  }

  /** Defaults may require a call of tools that come with the request. */
  static void checkChoice(ChatRequestParameters wanted) {
    if (wanted.toolChoice() == ToolChoice.REQUIRED && wanted.toolSpecifications().isEmpty()) {
      throw new IllegalArgumentException("toolChoice: REQUIRED, but there are no tools to call");
    }
  }

  private static void refuse(@Nullable Double penalty, String name) {
    if (penalty != null && penalty != 0) {
      throw new UnsupportedFeatureException(
          name + ": " + penalty + " is not supported: leave it out or set it to 0");
    }
  }

  /** The adapter that the request names as its model; null for the model without one. */
  @Nullable String adapter(ChatRequestParameters wanted) {
    String name = modelName(wanted);
    if (name.equals(ownName)) {
      return null;
    }
    if (!adapters.contains(name)) {
      throw new UnsupportedFeatureException(
          "modelName: '"
              + name
              + "' is not supported: this is '"
              + ownName
              + "', and its adapters are "
              + adapters);
    }
    return name;
  }

  String modelName(ChatRequestParameters wanted) {
    return Objects.requireNonNullElse(wanted.modelName(), ownName);
  }

  int maxTokens(ChatRequestParameters wanted) {
    return Objects.requireNonNullElse(wanted.maxOutputTokens(), DEFAULT_MAX_TOKENS);
  }

  static Sampling sampling(ChatRequestParameters wanted) {
    Sampling sampling = Sampling.greedy();
    if (wanted instanceof OnnxChatRequestParameters own && own.repetitionPenalty() != null) {
      sampling = sampling.withRepetitionPenalty(own.repetitionPenalty());
    }
    Double temperature = wanted.temperature();
    if (temperature == null || temperature == 0) {
      return sampling;
    }
    sampling =
        sampling
            .withTemperature(temperature)
            .withTopK(Objects.requireNonNullElse(wanted.topK(), 0))
            .withTopP(Objects.requireNonNullElse(wanted.topP(), 1.0));
    if (wanted instanceof OnnxChatRequestParameters own && own.minP() != null) {
      sampling = sampling.withMinP(own.minP());
    }
    Long seed = wanted instanceof OnnxChatRequestParameters own ? own.seed() : null;
    return sampling.withSeed(seed == null ? ThreadLocalRandom.current().nextLong() : seed);
  }

  /** The schema of a JSON answer: any object if none is given; null if text is wanted. */
  static @Nullable JsonNode schema(@Nullable ResponseFormat format) {
    if (format == null || format.type() != ResponseFormatType.JSON) {
      return null;
    }
    return format.jsonSchema() == null
        ? JsonNodeFactory.instance.objectNode().put("type", "object")
        : Constraints.schema(format.jsonSchema().rootElement());
  }
}
