package io.github.alphaumi.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is measured, on the embedded model's files as they lie in the repository; not how fast. */
class BenchCommandTest {
  private static final String MODEL =
      "../examples/embedded-model/src/main/resources/io/github/alphaumi/embedded";

  @TempDir Path folder;

  @Test
  void should_print_a_figure_a_line_and_a_table_beside_peers() throws IOException {
    Path peers =
        Files.writeString(
            folder.resolve("peers.jsonl"),
            "{\"engine\":\"peer\",\"metric\":\"decode of 1 at a time\",\"unit\":\"tokens/s\","
                + "\"values\":[1e-9]}\n");
    Cli cli =
        Cli.run(
            new BenchCommand(),
            MODEL,
            "--only",
            "BATCH,START",
            "--batch",
            "1,2",
            "--tokens",
            "3",
            "--repetitions",
            "1",
            "--peers",
            peers,
            "--json");
    assertThat(cli.exit()).as(cli.err()).isZero();
    List<String> metrics = new ArrayList<>();
    for (String line : cli.out().lines().toList()) {
      JsonNode figure = new ObjectMapper().readTree(line);
      assertThat(figure.get("median").asDouble()).as(line).isPositive();
      assertThat(figure.get("values")).as(line).hasSize(1);
      metrics.add(figure.get("metric").asText());
    }
    assertThat(metrics)
        .containsExactly(
            "decode of 1 at a time", "decode of 2 at a time", "start of a JVM to the first token");
    assertThat(cli.err())
        .contains("as INT8")
        .containsPattern("\\| decode of 1 at a time \\| tokens/s .*x\\*\\* peer");
  }

  @Test
  void should_name_a_model_that_is_not_there() {
    Cli cli = Cli.run(new BenchCommand(), folder.resolve("none.gguf"), "--only", "BATCH");
    assertThat(cli.exit()).isEqualTo(1);
    assertThat(cli.err()).contains("none.gguf", "does not exist");
  }
}
