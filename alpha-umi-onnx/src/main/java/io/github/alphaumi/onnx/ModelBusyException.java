package io.github.alphaumi.onnx;

import io.github.alphaumi.core.AlphaUmiException;

/**
 * Thrown by a model when as many requests wait for it as may, see {@link OnnxModel.Builder#queue}.
 * The request has cost nothing and may be made again later.
 */
public final class ModelBusyException extends AlphaUmiException {
  private static final long serialVersionUID = 1L;

  ModelBusyException(int slots, int queue) {
    super(
        String.format(
            "%d requests are being served and %d are waiting: try again later, or load the model"
                + " with more slots or a longer queue",
            slots, queue));
  }
}
