package io.github.alphaumi.lab.train;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Trains a network of the llama family, or an adapter of one. What it makes, its checkpoint and its
 * log are in one folder. It can be killed at any time: started again on the same folder it goes on
 * and ends with the very same bytes.
 */
final class Trainer {

  /** Folder within the output of the adapter or the model that was made. */
  static final String RESULT = "model";

  private final Path base;
  private final @Nullable Path start;
  private final TrainingOptions options;
  private final TrainingData data;
  private final Path output;
  private final TrainingListener listener;

  /**
   * @param base a model's folder or GGUF file
   * @param start folder of the adapter, or with full weights of the model, to start from; null: a
   *     fresh adapter, or the weights of the base
   * @param output folder for everything that is written; made if it is not there
   */
  Trainer(
      Path base,
      @Nullable Path start,
      TrainingOptions options,
      TrainingData data,
      Path output,
      TrainingListener listener) {
    this.base = base;
    this.start = start;
    this.options = options.resolved();
    this.data = data;
    this.output = output;
    this.listener = listener;
  }

  /**
   * Trains to the end, or goes on to it.
   *
   * @return folder of what was made
   * @throws IllegalArgumentException if something does not fit: options and model, or options, data
   *     or base and the training that is in the folder
   */
  Path run() {
    throw new UnsupportedOperationException(
        base + " " + start + options + data + output + listener);
  }
}
