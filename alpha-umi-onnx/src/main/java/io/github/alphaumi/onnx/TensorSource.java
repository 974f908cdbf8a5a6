package io.github.alphaumi.onnx;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * The tensors of a checkpoint, by the names they have in its files.
 *
 * <p>Safe for concurrent use until closed; after that every method but {@link #close()} throws
 * {@link IllegalStateException}, and so does reading from its {@link TensorData}. Buffers handed
 * out earlier stay valid.
 */
interface TensorSource extends AutoCloseable {

  /** The names of all tensors, in the order of the file; unmodifiable. */
  Set<String> names();

  /**
   * @throws ModelFileException naming file and tensor if there is none of this name
   */
  TensorData tensor(String name);

  boolean has(String name);

  /**
   * @throws ModelFileException if a file is not what it was when this was opened: tensors that were
   *     read since then may be of either
   */
  void requireUnchanged();

  /** Ends the use of the files; memory maps go away with the last buffer that refers to them. */
  @Override
  void close();

  /** The files that hold them, in the order of their names. */
  default List<Path> files() {
    return names().stream().map(name -> tensor(name).file()).distinct().sorted().toList();
  }
}
