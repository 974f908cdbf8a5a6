package io.github.alphaumi.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.hash.Hashing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Files of the fixtures that say something of others. */
class FixtureFilesTest {

  @Test
  void should_know_the_blocks_of_every_type_in_the_manifest() throws IOException {
    Path folder = Shared.path("fixtures/gguf/types");
    Set<String> files = new HashSet<>(Set.of("manifest.json"));
    for (JsonNode entry : Parity.expected(folder.resolve("manifest.json")).get("types")) {
      TensorType type = TensorType.valueOf(entry.get("type").asText());
      assertThat(type.readable()).as(type.name()).isTrue();
      assertThat(type.blockElements()).isEqualTo(entry.get("block_elements").asInt());
      assertThat(type.blockBytes()).isEqualTo(entry.get("block_bytes").asInt());
      Path floats = folder.resolve(entry.get("f32").asText());
      assertThat(Hashing.sha256().hashBytes(Files.readAllBytes(floats)).toString())
          .isEqualTo(entry.get("f32_sha256").asText());
      files.add(entry.get("f32").asText());
      files.add(entry.get("raw").asText());
    }
    try (Stream<Path> all = Files.list(folder)) {
      assertThat(all.map(file -> file.getFileName().toString()))
          .as("files of the folder, all of them in the manifest")
          .containsExactlyInAnyOrderElementsOf(files);
    }
  }

  @Test
  void should_read_the_special_tokens_of_every_tokenizer() throws IOException {
    List<Path> folders;
    try (Stream<Path> files = Files.walk(Shared.path("fixtures"))) {
      folders =
          files
              .filter(file -> file.endsWith("tokenizer_config.json"))
              .map(Path::getParent)
              .toList();
    }
    assertThat(folders).hasSizeGreaterThanOrEqualTo(9);
    for (Path folder : folders) {
      JsonNode config = Parity.expected(folder.resolve("tokenizer_config.json"));
      Map<String, String> expected = new LinkedHashMap<>();
      for (String name : List.of("bos_token", "eos_token")) {
        if (config.path(name).isTextual()) {
          expected.put(name, config.get(name).asText());
        }
      }
      ChatFiles files = ChatFiles.of(folder);
      assertThat(files.specialTokens()).as(folder.toString()).isEqualTo(expected);
      assertThat(files.template()).isEqualTo(config.path("chat_template").asText(null));
    }
  }
}
