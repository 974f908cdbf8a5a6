package io.github.alphaumi.core;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.ChatModel;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Names of chat models, as OpenTelemetry's conventions for generative AI spell them. */
final class ModelNames {
  private ModelNames() {}

  static TextModel.Name of(ChatModel model) {
    String name = model.defaultRequestParameters().modelName();
    return new TextModel.Name(provider(model.provider()), name == null ? "" : name);
  }

  private static String provider(@Nullable ModelProvider provider) {
    if (provider == null) {
      return "";
    }
    return switch (provider) {
      case OPEN_AI -> "openai";
      case AZURE_OPEN_AI -> "azure.ai.openai";
      case AMAZON_BEDROCK -> "aws.bedrock";
      case GOOGLE_AI_GEMINI -> "gcp.gemini";
      case GOOGLE_GENAI -> "gcp.gen_ai";
      case GOOGLE_VERTEX_AI_ANTHROPIC, GOOGLE_VERTEX_AI_GEMINI -> "gcp.vertex_ai";
      case WATSONX -> "ibm.watsonx.ai";
      case OTHER -> "";
      default -> provider.name().toLowerCase(Locale.ROOT);
    };
  }
}
