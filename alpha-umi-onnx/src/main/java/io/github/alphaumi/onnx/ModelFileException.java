package io.github.alphaumi.onnx;

import io.github.alphaumi.core.AlphaUmiException;
import java.nio.file.Path;

/**
 * Thrown for a model file that cannot be used: missing, truncated, corrupt or of an unsupported
 * kind.
 *
 * <p>The message names the file, the key or tensor concerned, what was found, and what is supported
 * or can be done. Trying again with the same file gives the same exception; get the file anew or
 * convert it.
 */
public final class ModelFileException extends AlphaUmiException {

  private static final long serialVersionUID = 1L;

  ModelFileException(String message) {
    super(message);
  }

  ModelFileException(String message, Throwable cause) {
    super(message, cause);
  }

  ModelFileException(Path file, String problem) {
    super(file + ": " + problem);
  }

  ModelFileException(Path file, String problem, Throwable cause) {
    super(file + ": " + problem, cause);
  }
}
