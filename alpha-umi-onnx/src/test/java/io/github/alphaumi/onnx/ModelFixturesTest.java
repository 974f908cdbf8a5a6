package io.github.alphaumi.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that transformers, PEFT and gguf-py wrote. */
class ModelFixturesTest {

  @ParameterizedTest
  @ValueSource(strings = {"llama-f32", "llama-q8_0", "llama-mixed"})
  void should_read_a_gguf_file_of(String model) {
    try (GgufFile gguf =
        GgufFile.open(Shared.path("fixtures/gguf/llama").resolve(model + ".gguf"))) {
      assertThat(gguf.version()).isEqualTo(3);
      assertThat(gguf.string("general.architecture")).isEqualTo("llama");
      assertThat(gguf.string("tokenizer.ggml.model")).isEqualTo("gpt2");
      assertThat(gguf.integer("llama.block_count")).isPositive();
      assertThat(gguf.floating("llama.attention.layer_norm_rms_epsilon")).isBetween(1e-7, 1e-4);
      assertThat(gguf.integers("tokenizer.ggml.token_type"))
          .hasSameSizeAs(gguf.strings("tokenizer.ggml.tokens"));
      for (String name : gguf.names()) {
        assertFinite(gguf.tensor(name));
      }
    }
  }

  @Test
  void should_read_the_same_weights_from_gguf_and_safetensors() {
    try (GgufFile gguf =
            GgufFile.open(Shared.path("fixtures/gguf/llama").resolve("llama-f32.gguf"));
        SafetensorsFiles checkpoint = SafetensorsFiles.open(Shared.path("fixtures/engine/llama"))) {
      assertSame(gguf.tensor("token_embd.weight"), checkpoint.tensor("model.embed_tokens.weight"));
      assertSame(gguf.tensor("output.weight"), checkpoint.tensor("lm_head.weight"));
      assertSame(
          gguf.tensor("blk.0.ffn_down.weight"),
          checkpoint.tensor("model.layers.0.mlp.down_proj.weight"));
      assertSame(
          gguf.tensor("blk.0.attn_v.weight"),
          checkpoint.tensor("model.layers.0.self_attn.v_proj.weight"));
    }
  }

  @Test
  void should_read_every_type_of_a_mixed_gguf_file() {
    Path file = Shared.path("fixtures/gguf/llama").resolve("llama-mixed.gguf");
    try (GgufFile gguf = GgufFile.open(file)) {
      Set<TensorType> types =
          gguf.names().stream().map(name -> gguf.tensor(name).type()).collect(Collectors.toSet());
      assertThat(types)
          .containsExactlyInAnyOrder(
              TensorType.Q4_0,
              TensorType.Q4_1,
              TensorType.Q5_0,
              TensorType.Q5_1,
              TensorType.Q8_0,
              TensorType.F16,
              TensorType.F32);
    }
  }

  @Test
  void should_read_all_safetensors_checkpoints() throws IOException {
    List<Path> folders;
    try (Stream<Path> files = Files.walk(Shared.path("fixtures/engine"))) {
      folders =
          files
              .filter(file -> file.toString().endsWith(".safetensors"))
              .map(Path::getParent)
              .distinct()
              .toList();
    }
    assertThat(folders).hasSizeGreaterThanOrEqualTo(12);
    for (Path folder : folders) {
      try (SafetensorsFiles checkpoint = SafetensorsFiles.open(folder)) {
        assertThat(checkpoint.names()).as("tensors of %s", folder).isNotEmpty();
        for (String name : checkpoint.names()) {
          assertFinite(checkpoint.tensor(name));
        }
      }
    }
  }

  private static void assertSame(TensorData actual, TensorData expected) {
    assertThat(actual.shape()).isEqualTo(expected.shape());
    assertThat(floats(actual)).isEqualTo(floats(expected));
  }

  private static void assertFinite(TensorData tensor) {
    for (float value : floats(tensor)) {
      if (!Float.isFinite(value) || Math.abs(value) > 100) {
        throw new AssertionError(tensor + " of " + tensor.file() + " has the value " + value);
      }
    }
  }

  private static float[] floats(TensorData tensor) {
    float[] values = new float[(int) tensor.elements()];
    tensor.readFloats(0, values, 0, values.length);
    return values;
  }
}
