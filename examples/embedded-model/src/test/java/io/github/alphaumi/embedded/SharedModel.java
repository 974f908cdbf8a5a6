package io.github.alphaumi.embedded;

import io.github.alphaumi.onnx.OnnxChatModel;
import io.github.alphaumi.onnx.OnnxChatRequestParameters;
import io.github.alphaumi.onnx.OnnxModel;
import io.github.alphaumi.onnx.OnnxRoles;
import io.github.alphaumi.onnx.OnnxStreamingChatModel;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The embedded model, loaded once for all tests of this module and closed after the last. */
final class SharedModel implements BeforeAllCallback {
  static final String NAME = "SmolLM2-135M-Instruct";

  /** The name of its adapter, which is a model name of requests. */
  static final String ADAPTER = "adapter";

  /** Why a conformance test is left out; that system messages reach the model is tested apart. */
  static final String KNOWS_NO_GERMAN =
      "a model of 135M that was trained on English cannot translate 'I love you' into German";

  /** Why a conformance test is left out; that earlier turns reach the model is tested apart. */
  static final String FORGETS_COLOURS =
      "a model of 135M, asked for the user's favourite colour, answers that an AI has none";

  private static volatile OnnxRoles roles;

  @Override
  public void beforeAll(ExtensionContext context) {
    roles =
        context
            .getRoot()
            .getStore(ExtensionContext.Namespace.create(SharedModel.class))
            .computeIfAbsent(OnnxRoles.class, key -> EmbeddedModel.load(), OnnxRoles.class);
  }

  static OnnxModel base() {
    return roles.base();
  }

  static OnnxChatModel.Builder chat() {
    return OnnxChatModel.builder(base()).modelName(NAME);
  }

  static OnnxStreamingChatModel.Builder streaming() {
    return OnnxStreamingChatModel.builder(base()).modelName(NAME);
  }

  static OnnxChatRequestParameters limitedTo(int maxOutputTokens) {
    return OnnxChatRequestParameters.builder().maxOutputTokens(maxOutputTokens).seed(1L).build();
  }
}
