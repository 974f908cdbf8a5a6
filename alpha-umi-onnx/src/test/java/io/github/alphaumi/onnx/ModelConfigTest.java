package io.github.alphaumi.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.alphaumi.onnx.ModelConfig.LayerShape;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelConfigTest {
  private static final Path FILE = Path.of("config.json");
  private static final String SIZES =
      """
      "vocab_size": 100, "hidden_size": 64, "num_hidden_layers": 7, "num_attention_heads": 4,
      "intermediate_size": 96, "head_dim": 16, "max_position_embeddings": 8192,
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mixtral | | model_type is \"mixtral\"; supported are llama, mistral, qwen2",
        "llama | \"attention_bias\": true | \"attention_bias\" is true; supported is false",
        "llama | \"hidden_act\": \"gelu\" | \"hidden_act\" is \"gelu\"; supported is silu",
        "phi3 | \"rope_scaling\": {\"type\": \"longrope\"} | \"longrope\"; supported are default",
        "qwen2 | \"rope_scaling\": {\"type\": \"yarn\"} | \"yarn\"; supported are default",
        "qwen3 | \"head_dim\": null | \"head_dim\" is null; a positive integer is needed",
        "qwen3 | \"layer_types\": [\"linear_attention\"] | of layer 0 is \"linear_attention\"",
        "gemma3_text | \"final_logit_softcapping\": 30.0 | \"final_logit_softcapping\" is 30.0",
      })
  void should_refuse_what_is_not_supported(String type, @Nullable String extra, String message) {
    assertThatThrownBy(() -> read(type, extra))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("config.json")
        .hasMessageContaining(message);
  }

  @Test
  void should_let_gemma_look_far_in_every_sixth_layer_if_the_config_does_not_say() {
    ModelConfig config =
        read(
            "gemma3_text",
            """
            "sliding_window": 512, "rope_theta": 1000000, "rope_local_base_freq": 10000,
            "rope_scaling": {"rope_type": "linear", "factor": 8}, "query_pre_attn_scalar": 64
            """);
    assertThat(windows(config)).containsExactly(512, 512, 512, 512, 512, 0, 512);
    assertThat(config.attentionScale()).isEqualTo(1 / 8f);
    assertThat(config.tiedHead()).isTrue();
    float nearby = config.layerShapes().get(0).rope().table(2, true)[8];
    float far = config.layerShapes().get(5).rope().table(2, true)[8];
    assertThat(nearby).as("the first pair turns by one radian").isEqualTo((float) Math.sin(1));
    assertThat(far).as("and by an eighth of it").isEqualTo((float) Math.sin(0.125));
  }

  @Test
  void should_let_only_the_last_layers_of_qwen_have_a_window() {
    String window = "\"sliding_window\": 32, \"max_window_layers\": 5, \"use_sliding_window\": ";
    assertThat(windows(read("qwen2", window + true))).containsExactly(0, 0, 0, 0, 0, 32, 32);
    assertThat(windows(read("qwen2", window + false))).containsOnly(LayerShape.EVERYTHING);
  }

  @Test
  void should_take_mistrals_own_window_unless_there_is_none() {
    assertThat(windows(read("mistral", ""))).containsOnly(4096);
    assertThat(windows(read("mistral", "\"sliding_window\": null")))
        .containsOnly(LayerShape.EVERYTHING);
  }

  private static List<Integer> windows(ModelConfig config) {
    return config.layerShapes().stream().map(LayerShape::window).toList();
  }

  private static ModelConfig read(String type, @Nullable String extra) {
    try {
      ObjectMapper mapper = new ObjectMapper();
      ObjectNode json =
          (ObjectNode) mapper.readTree("{" + SIZES + "\"model_type\":\"" + type + "\"}");
      String members = extra == null ? "" : extra;
      json.setAll((ObjectNode) mapper.readTree("{" + members + "}"));
      return ModelConfig.fromHuggingFace(json, null, FILE);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
