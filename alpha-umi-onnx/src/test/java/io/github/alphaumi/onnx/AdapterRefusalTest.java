package io.github.alphaumi.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.alphaumi.onnx.TinyModel.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Adapters that cannot be used: each message names the file, what is wrong and what is right. */
class AdapterRefusalTest {
  private static final String MODULE = "base_model.model.model.layers.1.mlp.up_proj";
  private static final String A = MODULE + ".lora_A.weight";
  private static final String B = MODULE + ".lora_B.weight";

  @TempDir Path folder;

  private final ObjectNode config = TinyModel.adapterConfig();
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  @BeforeEach
  void prepare() {
    new TinyModel().write(folder);
    tensors.put(A, new Tensor(new float[4 * 32], 4, 32));
    tensors.put(B, new Tensor(new float[64 * 4], 64, 4));
  }

  @AfterEach
  void should_leave_no_native_memory() {
    assertThat(OnnxModel.openNatives()).isZero();
  }

  private OnnxModel.Builder builder() {
    Path adapter = folder.resolve("adapter");
    return TinyModels.builder(folder, folder.resolve("cache")).adapter("x", adapter);
  }

  private AbstractThrowableAssert<?, ? extends Throwable> refused() {
    TinyModel.writeAdapter(folder.resolve("adapter"), tensors, config);
    return assertThatThrownBy(() -> builder().build())
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining(folder.resolve("adapter").toString());
  }

  @Test
  void should_load_one_for_a_single_layer() {
    TinyModel.writeAdapter(folder.resolve("adapter"), tensors, config);
    builder().build().close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "peft_type; \"LOHA\"; \"peft_type\" is \"LOHA\"; supported is LORA",
        "bias; \"all\"; \"bias\" is \"all\"; supported is none",
        "use_dora; true; \"use_dora\" is true; not supported",
        "fan_in_fan_out; true; \"fan_in_fan_out\" is true; not supported",
        "rank_pattern; {\"q_proj\": 8}; \"rank_pattern\" is set; not supported",
        "alpha_pattern; {\"q_proj\": 8}; \"alpha_pattern\" is set; not supported",
        "modules_to_save; [\"lm_head\"]; \"modules_to_save\" is set; not supported",
        "alora_invocation_tokens; [1]; \"alora_invocation_tokens\" is set; not supported",
        "layer_replication; [[0, 2]]; \"layer_replication\" is set; not supported",
        "r; 0; positive \"r\"; lora_alpha",
        "lora_alpha; null; positive \"r\"; lora_alpha"
      })
  void should_name_a_setting(String key, String value, String found, String remedy)
      throws IOException {
    config.set(key, new ObjectMapper().readTree(value));
    refused()
        .hasMessageContaining("adapter_config.json")
        .hasMessageContaining(found)
        .hasMessageContaining(remedy);
  }

  @Test
  void should_name_the_shape_that_another_model_has() {
    tensors.put(A, new Tensor(new float[4 * 48], 4, 48));
    refused()
        .hasMessageContaining("'" + A + "'")
        .hasMessageContaining("[4, 48]")
        .hasMessageContaining("[rank, 32]")
        .hasMessageContaining("another model");
  }

  @Test
  void should_name_the_shape_of_the_other_factor() {
    tensors.put(B, new Tensor(new float[64 * 3], 64, 3));
    refused().hasMessageContaining("'" + B + "'").hasMessageContaining("[64, 4]");
  }

  @Test
  void should_refuse_a_factor_that_is_no_matrix() {
    tensors.put(A, new Tensor(new float[1]));
    refused().hasMessageContaining("'" + A + "'").hasMessageContaining("[]");
  }

  @Test
  void should_miss_the_other_half_of_a_pair() {
    tensors.remove(B);
    refused().hasMessageContaining(B);
  }

  @Test
  void should_name_tensors_that_this_model_has_no_place_for() {
    tensors.put("base_model.model.lm_head.lora_A.weight", new Tensor(new float[32], 1, 32));
    tensors.put(MODULE.replace("layers.1", "layers.9") + ".lora_A.weight", tensors.get(A));
    refused()
        .hasMessageContaining("do not belong to this model's linear layers")
        .hasMessageContaining("lm_head")
        .hasMessageContaining("layers.9");
  }

  @Test
  void should_say_what_a_folder_without_an_adapter_lacks() throws IOException {
    Files.createDirectories(folder.resolve("adapter"));
    assertThatThrownBy(() -> builder().build())
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining(folder.resolve("adapter").toString())
        .hasMessageContaining("adapter_config.json")
        .hasMessageContaining("save_pretrained");
    new ObjectMapper().writeValue(folder.resolve("adapter/adapter_config.json").toFile(), config);
    assertThatThrownBy(() -> builder().build())
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("adapter_model.safetensors");
  }
}
