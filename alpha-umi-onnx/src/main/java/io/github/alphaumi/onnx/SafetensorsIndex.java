package io.github.alphaumi.onnx;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Reads {@code model.safetensors.index.json}, in which Hugging Face's {@code weight_map} says which
 * shard in the same folder holds which tensor.
 */
final class SafetensorsIndex {

  private static final int MAX_INDEX_BYTES = 64 << 20;
  private static final int MAX_SHARDS = 4096;

  private final Path path;
  private final Map<String, String> shardOf = new LinkedHashMap<>();

  private SafetensorsIndex(Path path) {
    this.path = path;
  }

  /** The name of the shard of every tensor. */
  static Map<String, String> read(Path path) {
    MappedFile file = MappedFile.open(path);
    if (file.size() > MAX_INDEX_BYTES) {
      throw new ModelFileException(
          path, "has %d bytes; an index has at most %d".formatted(file.size(), MAX_INDEX_BYTES));
    }
    byte[] json = new byte[(int) file.size()];
    file.slice(0, json.length).get(json);
    SafetensorsIndex index = new SafetensorsIndex(path);
    ModelJson.readObject(path, json, index::readMember);
    if (index.shardOf.isEmpty()) {
      throw new ModelFileException(path, "has no weight_map" + file.hint());
    }
    return index.shardOf;
  }

  private void readMember(String name, JsonParser in) throws IOException {
    if (!name.equals("weight_map")) {
      in.skipChildren();
      return;
    }
    if (in.currentToken() != JsonToken.START_OBJECT) {
      throw new ModelFileException(path, "weight_map is not an object");
    }
    Set<String> shards = new HashSet<>();
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String tensor = in.currentName();
      if (in.nextToken() != JsonToken.VALUE_STRING) {
        throw new ModelFileException(path, "tensor '" + tensor + "': its shard is not a string");
      }
      String shard = in.getText();
      if (shards.add(shard)) {
        checkName(tensor, shard, shards.size());
      }
      shardOf.put(tensor, shard);
    }
  }

  /** An index from elsewhere must not make the library read files outside the model's folder. */
  private void checkName(String tensor, String shard, int shards) {
    if (!shard.matches("[A-Za-z0-9._-]+\\.safetensors")) {
      throw new ModelFileException(
          path,
          "tensor '%s': shard '%s' is not the plain name of a .safetensors file"
              .formatted(tensor, shard));
    }
    if (shards > MAX_SHARDS) {
      throw new ModelFileException(path, "names more than " + MAX_SHARDS + " shards");
    }
  }
}
