package io.github.alphaumi.onnx;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Thrown for a model file that cannot be used: missing, truncated, corrupt or of an unsupported
 * kind.
 *
 * <p>The message names the file, the key or tensor concerned, what was found, and what is supported
 * or can be done. Trying again with the same file gives the same exception; get the file anew or
 * convert it.
 */
public final class ModelFileException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ModelFileException(Path file, String problem) {
    this(file, problem, null);
  }

  ModelFileException(Path file, String problem, @Nullable Throwable cause) {
    super(file + ": " + problem, cause);
  }
}
