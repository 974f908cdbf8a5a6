package io.github.alphaumi.onnx;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A checkpoint in the safetensors format: one file, or shards with an index, as Hugging Face's
 * {@code save_pretrained} and PEFT write them.
 *
 * <p>Opening reads the headers and checks that every tensor lies within its file; tensor data is
 * read when asked for. Safe for concurrent use until closed, {@link IllegalStateException} after
 * that.
 */
final class SafetensorsFiles implements TensorSource {

  private static final String MODEL = "model.safetensors";
  private static final String INDEX = "model.safetensors.index.json";
  private static final String ADAPTER = "adapter_model.safetensors";

  private final List<MappedFile> files;
  private final TensorTable tensors;

  private SafetensorsFiles(List<MappedFile> files, TensorTable tensors) {
    this.files = files;
    this.tensors = tensors;
  }

  /**
   * Opens a checkpoint.
   *
   * @param folderOrFile a folder with {@code model.safetensors}, {@code
   *     model.safetensors.index.json} or {@code adapter_model.safetensors}, of which the first that
   *     exists is taken; or such a file
   * @throws ModelFileException if a file is missing, corrupt or of an unsupported kind
   */
  static SafetensorsFiles open(Path folderOrFile) {
    Path file = Files.isDirectory(folderOrFile) ? fileIn(folderOrFile) : folderOrFile;
    return file.toString().endsWith(".json") ? openShards(file) : openSingle(file);
  }

  private static Path fileIn(Path folder) {
    for (String name : List.of(MODEL, INDEX, ADAPTER)) {
      if (Files.exists(folder.resolve(name))) {
        return folder.resolve(name);
      }
    }
    throw new ModelFileException(
        folder,
        "has no %s, %s or %s; get one of them, or convert the checkpoint to safetensors"
            .formatted(MODEL, INDEX, ADAPTER));
  }

  private static SafetensorsFiles openSingle(Path path) {
    MappedFile file = MappedFile.open(path);
    return new SafetensorsFiles(List.of(file), new TensorTable(path, SafetensorsHeader.read(file)));
  }

  private static SafetensorsFiles openShards(Path index) {
    Map<String, String> shardOf = SafetensorsIndex.read(index);
    List<MappedFile> files = new ArrayList<>();
    Map<String, TensorTable> shards = new HashMap<>();
    List<TensorData> tensors = new ArrayList<>();
    shardOf.forEach(
        (tensor, shard) -> {
          TensorTable table =
              shards.computeIfAbsent(
                  shard,
                  name -> {
                    MappedFile file = MappedFile.open(index.resolveSibling(name));
                    files.add(file);
                    return new TensorTable(file.path(), SafetensorsHeader.read(file));
                  });
          tensors.add(table.tensor(tensor));
        });
    return new SafetensorsFiles(List.copyOf(files), new TensorTable(index, tensors));
  }

  @Override
  public Set<String> names() {
    ensureOpen();
    return tensors.names();
  }

  @Override
  public TensorData tensor(String name) {
    ensureOpen();
    return tensors.tensor(name);
  }

  @Override
  public boolean has(String name) {
    ensureOpen();
    return tensors.has(name);
  }

  @Override
  public void requireUnchanged() {
    files.forEach(MappedFile::requireUnchanged);
  }

  @Override
  public void close() {
    files.forEach(MappedFile::close);
  }

  private void ensureOpen() {
    files.get(0).ensureOpen();
  }
}
