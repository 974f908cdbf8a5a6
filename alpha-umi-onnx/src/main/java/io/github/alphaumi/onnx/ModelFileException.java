package io.github.alphaumi.onnx;

/**
 * A file of a model cannot be read: it is missing, broken or of a kind that is not supported. The
 * message names the file or key, the value found and what is supported.
 */
public final class ModelFileException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ModelFileException(String message) {
    super(message);
  }

  ModelFileException(String message, Throwable cause) {
    super(message, cause);
  }
}
