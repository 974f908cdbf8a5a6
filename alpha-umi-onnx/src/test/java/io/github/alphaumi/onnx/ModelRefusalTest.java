package io.github.alphaumi.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models that cannot be used: each message names the file, what is wrong and what is right. */
class ModelRefusalTest {
  @TempDir Path folder;

  private final TinyModel tiny = new TinyModel();

  @AfterEach
  void should_leave_no_native_memory() {
    assertThat(OnnxModel.openNatives()).isZero();
  }

  private AbstractThrowableAssert<?, ? extends Throwable> refused(Path model) {
    OnnxModel.Builder builder = TinyModels.builder(model, folder.resolve("cache"));
    return assertThatThrownBy(builder::build).isInstanceOf(ModelFileException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "model_type; \"gpt2\"; model_type is \"gpt2\"; supported are llama",
        "model_type; 7; has no text \"model_type\"; is it a model's config?",
        "hidden_act; \"gelu\"; \"hidden_act\" is \"gelu\"; supported is silu",
        "attention_bias; true; \"attention_bias\" is true; supported is false",
        "mlp_bias; true; \"mlp_bias\" is true; supported is false",
        "hidden_size; -1; \"hidden_size\" is -1; a positive integer is needed",
        "num_hidden_layers; \"two\"; \"num_hidden_layers\" is \"two\"; a positive integer",
        "num_key_value_heads; 3; 4 attention heads; 3 key-value heads",
        "head_dim; 12; the head size is 12; multiples of 8",
        "rope_scaling; {\"rope_type\": \"yarn\", \"factor\": 4}; \"rope_type\" \"yarn\"; llama3",
        "rope_scaling; {\"type\": \"dynamic\"}; \"rope_type\" \"dynamic\"; default, linear and llama3",
        "rope_scaling; {\"rope_type\": \"linear\"}; rope scaling has no number; \"factor\"",
        "rope_parameters; {\"rope_type\": \"llama3\", \"factor\": 8}; has no number; low_freq_factor"
      })
  void should_name_the_key_of_a_config(String key, String value, String found, String remedy)
      throws IOException {
    tiny.config.set(key, new ObjectMapper().readTree(value));
    tiny.write(folder);
    refused(folder)
        .hasMessageContaining(folder.resolve("config.json").toString())
        .hasMessageContaining(found)
        .hasMessageContaining(remedy);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "general.architecture; bert; general.architecture is \"bert\"; supported are llama",
        "llama.rope.scaling.type; yarn; rope.scaling.type is \"yarn\"; supported are none and linear"
      })
  void should_name_the_key_of_a_gguf_file(String key, String value, String found, String remedy)
      throws IOException {
    GgufWriter gguf = new GgufWriter();
    if (!key.equals("general.architecture")) {
      gguf = tiny.gguf();
    }
    Path file = Files.write(folder.resolve("m.gguf"), gguf.string(key, value).bytes());
    refused(file)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(found)
        .hasMessageContaining(remedy);
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama.attention.head_count", "llama.block_count"})
  void should_name_a_number_of_a_gguf_file_that_is_not_positive(String key) throws IOException {
    GgufWriter gguf = new GgufWriter().string("general.architecture", "llama");
    for (String number :
        new String[] {
          "llama.embedding_length",
          "llama.block_count",
          "llama.attention.head_count",
          "llama.feed_forward_length",
          "llama.context_length"
        }) {
      gguf.pair(number, GgufWriter.UINT32, out -> out.u32(number.equals(key) ? 0 : 64));
    }
    gguf.pair("llama.attention.layer_norm_rms_epsilon", GgufWriter.FLOAT32, out -> out.f32(1e-5f));
    gguf.tensor("token_embd.weight", 0, new byte[64 * 4], 64, 1);
    Path file = Files.write(folder.resolve("m.gguf"), gguf.bytes());
    refused(file).hasMessageContaining(file.toString()).hasMessageContaining(key + " is 0");
  }

  @ParameterizedTest
  @CsvSource({
    "model.embed_tokens.weight, '[10, 32]', '[299, 32]'",
    "model.layers.1.self_attn.k_proj.weight, '[10, 32]', '[32, 32]'",
    "model.layers.0.mlp.down_proj.weight, '[10, 32]', '[32, 64]'",
    "model.norm.weight, , 'needed is [32]'",
    "model.layers.1.input_layernorm.weight, , 'needed is [32]'"
  })
  void should_name_a_tensor_of_a_wrong_shape(String tensor, String found, String wanted) {
    tiny.tensors.put(
        tensor,
        found == null
            ? new TinyModel.Tensor(new float[10], 10)
            : new TinyModel.Tensor(new float[320], 10, 32));
    tiny.write(folder);
    refused(folder)
        .hasMessageContaining(folder.resolve("model.safetensors").toString())
        .hasMessageContaining("'" + tensor + "'")
        .hasMessageContaining(found == null ? "" : found)
        .hasMessageContaining(wanted);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model.embed_tokens.weight",
        "model.layers.1.self_attn.v_proj.weight",
        "model.layers.0.post_attention_layernorm.weight",
        "model.norm.weight"
      })
  void should_name_a_tensor_that_is_missing(String tensor) {
    tiny.tensors.remove(tensor);
    tiny.write(folder);
    refused(folder).hasMessageContaining(folder.toString()).hasMessageContaining(tensor);
  }

  @Test
  void should_miss_the_head_that_the_config_promises() {
    tiny.config.put("tie_word_embeddings", false);
    refused(tiny.write(folder)).hasMessageContaining("lm_head.weight");
  }

  @Test
  void should_name_a_tokenizer_that_cannot_be_read() {
    tiny.tokenizer.remove("model");
    refused(tiny.write(folder)).hasMessageContaining("tokenizer.json");
  }

  @Test
  void should_say_what_may_be_named_where_there_is_nothing() {
    Path nowhere = folder.resolve("nowhere");
    refused(nowhere)
        .hasMessageContaining(nowhere.toString())
        .hasMessageContaining("does not exist")
        .hasMessageContaining("config.json");
  }

  @Test
  void should_say_what_a_folder_without_a_model_lacks() throws IOException {
    refused(folder).hasMessageContaining("neither config.json nor exactly one .gguf file");
    byte[] gguf = tiny.gguf().bytes();
    Files.write(folder.resolve("a.gguf"), gguf);
    Files.write(folder.resolve("b.gguf"), gguf);
    refused(folder).hasMessageContaining("neither config.json nor exactly one .gguf file");
  }

  @Test
  void should_name_a_config_that_is_not_json_and_weights_that_are_absent() throws IOException {
    tiny.write(folder);
    Files.delete(folder.resolve("model.safetensors"));
    refused(folder).hasMessageContaining("model.safetensors");
    Files.writeString(folder.resolve("config.json"), "{\"model_type\"");
    refused(folder).hasMessageContaining("config.json").hasMessageContaining("is not JSON");
    Files.writeString(folder.resolve("config.json"), "[]");
    refused(folder).hasMessageContaining("config.json").hasMessageContaining("JSON object");
  }

  @Test
  void should_name_a_weight_file_that_was_cut_short() throws IOException {
    Path weights = tiny.write(folder).resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    Files.write(weights, Arrays.copyOf(bytes, bytes.length - 100));
    refused(folder).hasMessageContaining(weights.toString()).hasMessageContaining("truncated");
  }

  @Test
  void should_load_a_folder_with_one_gguf_file() throws IOException {
    Files.write(folder.resolve("only.gguf"), tiny.gguf().bytes());
    TinyModels.builder(folder, folder.resolve("cache")).build().close();
  }

  @Test
  void should_take_the_form_of_a_config_that_transformers_5_writes() {
    ObjectNode rope = tiny.config.putObject("rope_parameters");
    rope.put("rope_type", "default").put("rope_theta", 500_000.0);
    tiny.config.remove("rope_theta");
    TinyModels.builder(tiny.write(folder), folder.resolve("cache")).build().close();
  }
}
