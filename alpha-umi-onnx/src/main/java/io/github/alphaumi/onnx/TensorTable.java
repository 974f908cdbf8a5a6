package io.github.alphaumi.onnx;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Tensors by name. Immutable, safe for concurrent use. */
final class TensorTable {

  private final Path source;
  private final Map<String, TensorData> tensors;

  /**
   * @param source the file or folder that messages name
   * @throws ModelFileException if two tensors have the same name
   */
  TensorTable(Path source, Collection<TensorData> tensors) {
    Map<String, TensorData> byName = new LinkedHashMap<>();
    for (TensorData tensor : tensors) {
      if (byName.putIfAbsent(tensor.name(), tensor) != null) {
        throw tensor.broken("there are two tensors of this name");
      }
    }
    this.source = source;
    this.tensors = byName;
  }

  /**
   * @throws ModelFileException if two tensors of a file share bytes
   */
  static void checkDisjoint(List<TensorData> ofOneFile) {
    List<TensorData> byOffset = new ArrayList<>(ofOneFile);
    byOffset.removeIf(tensor -> tensor.byteLength() == 0);
    byOffset.sort(Comparator.comparingLong(TensorData::offset));
    for (int i = 1; i < byOffset.size(); i++) {
      TensorData previous = byOffset.get(i - 1);
      TensorData tensor = byOffset.get(i);
      if (tensor.offset() < previous.offset() + previous.byteLength()) {
        throw tensor.broken("its bytes overlap those of '" + previous.name() + "'");
      }
    }
  }

  Set<String> names() {
    return Collections.unmodifiableSet(tensors.keySet());
  }

  boolean has(String name) {
    return tensors.containsKey(name);
  }

  TensorData tensor(String name) {
    TensorData tensor = tensors.get(name);
    if (tensor == null) {
      throw new ModelFileException(
          source,
          "tensor '"
              + name
              + "' is missing among "
              + tensors.size()
              + " tensors; the checkpoint is incomplete or of another architecture");
    }
    return tensor;
  }
}
