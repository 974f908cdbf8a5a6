package io.github.alphaumi.lab.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrainingOptionsTest {

  private static TrainingOptions of(String json) {
    try {
      return TrainingOptions.of(new ObjectMapper().readTree(json));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void what_is_left_out_has_its_default() {
    assertThat(of("{}")).isEqualTo(TrainingOptions.DEFAULTS);
    TrainingOptions options =
        of(
            """
            {"tokens": 5, "precision": "bf16",
             "lora": {"rank": 4, "layers": [1, 2], "targets": ["q", "down"]}}
            """);
    assertThat(options.tokens()).isEqualTo(5);
    assertThat(options.precision()).isEqualTo(Precision.BF16);
    assertThat(options.learningRate()).isEqualTo(TrainingOptions.DEFAULTS.learningRate());
    assertThat(options.lora())
        .isEqualTo(
            new LoraOptions(
                4, 32, List.of(1, 2), List.of(Projection.QUERY, Projection.DOWN), false, 1));
    assertThat(of("{\"lora\": null}").lora()).isNull();
  }

  @Test
  void what_is_written_is_read() {
    TrainingOptions options = of("{\"lora\": null, \"seed\": 9, \"workers\": 3}");

    assertThat(TrainingOptions.of(options.toJson())).isEqualTo(options);
  }

  @Test
  void bad_settings_are_named() {
    assertThatThrownBy(() -> of("{\"learninRate\": 1}"))
        .hasMessageContaining("no such setting: learninRate; there are [lora, learningRate,");
    assertThatThrownBy(() -> of("{\"lora\": {\"r\": 1}}"))
        .hasMessageContaining("no such setting: lora.r; there are [rank, alpha,");
    assertThatThrownBy(() -> of("{\"lora\": {\"rank\": 0}}"))
        .hasMessage("lora.rank is 0; it is 1 or more, such as 16");
    assertThatThrownBy(() -> of("{\"learningRate\": -1}"))
        .hasMessage("learningRate is -1.0; it is more than 0, such as 2e-3");
    assertThatThrownBy(() -> of("{\"precision\": \"fp8\"}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("precision")
        .hasMessageContaining("fp32");
    assertThatThrownBy(() -> of("{\"lora\": null, \"headTokens\": 100}"))
        .hasMessageContaining("headTokens is 100; it is 0");
    assertThatThrownBy(() -> of("[]")).hasMessage("training is []; it is a JSON object");
  }

  @Test
  void the_learning_rate_rises_and_falls() {
    LearningRate rate =
        new LearningRate(
            of(
                "{\"tokens\": 1000, \"warmup\": 0.1, \"learningRate\": 1, \"finalLearningRate\": 0.2}"));

    assertThat(rate.at(50)).isCloseTo(0.5, within(1e-12));
    assertThat(rate.at(100)).isCloseTo(1, within(1e-12));
    assertThat(rate.at(550)).isCloseTo(0.6, within(1e-12));
    assertThat(rate.at(1000)).isCloseTo(0.2, within(1e-12));
    assertThat(rate.at(1200)).isCloseTo(0.2, within(1e-12));
  }

  @Test
  void training_can_end_before_the_learning_rate_does() {
    LearningRate rate =
        new LearningRate(
            of(
                "{\"tokens\": 550, \"decayTokens\": 1000, \"warmup\": 0.1, \"learningRate\": 1,"
                    + " \"finalLearningRate\": 0.2}"));

    assertThat(rate.at(50)).isCloseTo(0.5, within(1e-12));
    assertThat(rate.at(550)).isCloseTo(0.6, within(1e-12));
  }
}
