package io.github.alphaumi.embedded;

import io.github.alphaumi.onnx.OnnxChatRequestParameters;
import io.github.alphaumi.onnx.OnnxModel;
import io.github.alphaumi.onnx.OnnxRoles;
import java.util.function.Function;

/** What both listener tests need. */
final class ListenerParameters {
  private ListenerParameters() {}

  static OnnxChatRequestParameters of(double temperature, double topP, int maxTokens) {
    return OnnxChatRequestParameters.builder()
        .temperature(temperature)
        .topP(topP)
        .maxOutputTokens(maxTokens)
        .seed(1L)
        .build();
  }

  /** A chat model whose model is closed already, so that each chat fails. */
  static <T> T closed(Function<OnnxModel, T> chat) {
    try (OnnxRoles roles = EmbeddedModel.load()) {
      return chat.apply(roles.base());
    }
  }
}
