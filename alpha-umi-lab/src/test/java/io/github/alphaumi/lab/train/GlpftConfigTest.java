package io.github.alphaumi.lab.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GlpftConfigTest {
  /** In all stages; an ablation has 120,000. */
  private static final Map<String, Long> TOKENS =
      Map.of(
          "embedded", 1_650_000L,
          "embedded-2", 482_041L,
          "embedded-3", 430_000L,
          "embedded-4", 903_208L);

  @TempDir private Path folder;

  static List<Path> shipped() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("training"))) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void should_read_the_configurations_that_are_shipped(Path file) {
    GlpftConfig config = GlpftConfig.read(file, null, null);

    assertThat(config.base()).exists();
    assertThat(config.out().toString()).contains("target");
    long tokens = Stage.of(config).stream().mapToLong(stage -> stage.options().tokens()).sum();
    String name = config.out().getFileName().toString();
    assertThat(tokens).isEqualTo(TOKENS.getOrDefault(name, 120_000L));
    assertThat(name + ".json").isEqualTo(file.getFileName().toString());
  }

  private GlpftConfig read(String more) throws IOException {
    Path file = folder.resolve("config.json");
    Files.writeString(
        file, "{\"base\": \"b\", \"data\": [{\"file\": \"d\"}], \"out\": \"o\"" + more + "}");
    return GlpftConfig.read(file, null, null);
  }

  @Test
  void should_lay_the_second_stage_over_the_first() throws IOException {
    GlpftConfig config =
        read(
            ", \"seed\": 7, \"stage1\": {\"tokens\": 5000, \"learningRate\": 1e-3,"
                + " \"finalLearningRate\": 1e-4, \"lora\": {\"rank\": 4}}, \"stage2\": {\"all\":"
                + " {\"clip\": 2}, \"caller\": {\"tokens\": 900, \"clip\": 3}}");

    TrainingOptions planner = config.stage2().get("planner");
    TrainingOptions caller = config.stage2().get("caller");
    assertThat(planner.tokens()).isEqualTo(500);
    assertThat(planner.learningRate()).isEqualTo(2e-4);
    assertThat(planner.finalLearningRate()).isEqualTo(2e-5);
    assertThat(planner.clip()).isEqualTo(2);
    assertThat(planner.seed()).isEqualTo(7);
    assertThat(planner.lora()).isEqualTo(config.stage1().lora());
    assertThat(caller.tokens()).isEqualTo(900);
    assertThat(caller.clip()).isEqualTo(3);
  }

  @Test
  void should_train_full_weights_in_all_stages_if_there_is_no_adapter() throws IOException {
    GlpftConfig config = read(", \"stage1\": {\"lora\": null}");

    assertThat(config.stage1().lora()).isNull();
    assertThat(config.stage2().values()).allMatch(options -> options.lora() == null);
  }

  @Test
  void should_name_the_stages_of_each_method() throws IOException {
    assertThat(names("trio"))
        .containsExactly("stage1", "planner<stage1", "caller<stage1", "summarizer<stage1");
    assertThat(names("one-stage")).containsExactly("planner", "caller", "summarizer");
    assertThat(names("single")).containsExactly("stage1");
    assertThat(names("multi-task")).containsExactly("stage1");
  }

  private List<String> names(String method) throws IOException {
    return Stage.of(read(", \"method\": \"" + method + "\"")).stream()
        .map(stage -> stage.name() + (stage.from() == null ? "" : "<" + stage.from()))
        .toList();
  }
}
