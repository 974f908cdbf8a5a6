package io.github.alphaumi.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.alphaumi.core.AlphaUmiException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What users give by mistake. */
class BadInputTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String STEP =
      "{\"index\": %d, \"tools\": [{\"Name\": \"t\", \"function\": \"\", \"input\": {}}],"
          + " \"instruction\": \"x\", \"reference\": \"assistant: a Next: caller.</s>caller: Action:"
          + " t\\nAction Input: {}</s>\", \"predictions\": \"asssitant: a Next:"
          + " caller.</s>caller: Action: t\\nAction Input: {}\"}";
  private static final String RECORD =
      "{\"tools\": [], \"instruction\": \"x\", \"chains\": [{}, {}]}";

  @TempDir private Path folder;

  @Test
  void should_count_a_step_once_that_stands_in_a_file_twice() throws IOException {
    Path predictions = folder.resolve("predictions.json");
    Files.writeString(
        predictions,
        "["
            + String.format(STEP, 0)
            + ","
            + String.format(STEP, 1)
            + ","
            + String.format(STEP, 0)
            + "]");
    Path out = folder.resolve("metrics.json");

    Cli cli = Cli.run(new EvaluateCommand(), "static", "--predictions", predictions, "--out", out);

    assertThat(cli.exit()).as(cli.err()).isZero();
    assertThat(cli.err()).contains("record 2: step 0 stands here twice");
    JsonNode metrics = JSON.readTree(out.toFile());
    assertThat(metrics.at("/honest/steps").asInt()).isEqualTo(2);
    assertThat(metrics.get("skippedRecords").asInt()).isEqualTo(1);
  }

  @Test
  void should_refuse_a_file_that_is_named_twice() throws IOException {
    Path in = Files.writeString(folder.resolve("in.json"), "[" + RECORD + "]");

    Cli cli = Cli.data("stage2", "--in", in, folder, "--out", folder.resolve("out.json"));

    assertThat(cli.exit()).isEqualTo(1);
    assertThat(cli.err()).contains("in.json is named twice");
  }

  @Test
  void should_tell_when_a_file_changes_while_it_is_evaluated() throws IOException {
    Path in = Files.writeString(folder.resolve("in.json"), "[" + RECORD + "]");
    Console quiet =
        new Console(
            new PrintWriter(new StringWriter()), new PrintWriter(new StringWriter()), false);

    assertThatThrownBy(
            () ->
                Records.read(
                    in,
                    quiet,
                    (index, record) -> {
                      try {
                        Files.writeString(in, " ", StandardOpenOption.APPEND);
                      } catch (IOException e) {
                        throw new UncheckedIOException(e);
                      }
                    }))
        .isInstanceOf(AlphaUmiException.class)
        .hasMessageContaining("in.json changed while it was read; run again");
  }

  @Test
  void should_leave_alone_what_stands_in_an_output_folder() throws IOException {
    Path in = Files.writeString(folder.resolve("in.json"), "[" + RECORD + "]");
    Path mine = folder.resolve("roles/train_caller.json");
    Files.createDirectories(mine.getParent());
    Files.writeString(mine, "mine");

    Cli cli = Cli.data("roles", "--in", in, "--out-dir", mine.getParent());

    assertThat(cli.exit()).isEqualTo(1);
    assertThat(cli.err()).contains("train_caller.json exists; delete it or choose another name");
    assertThat(mine).hasContent("mine");
    try (Stream<Path> members = Files.list(mine.getParent())) {
      assertThat(members).containsExactly(mine);
    }
  }

  @Test
  void should_write_into_an_output_folder_that_is_there_and_not_onto_a_file() throws IOException {
    Path in = Files.writeString(folder.resolve("in.json"), "[" + RECORD + "]");
    Path existing = Files.createDirectory(folder.resolve("existing"));

    assertThat(Cli.data("stage2", "--in", in, "--out", existing.resolve("out.json")).exit())
        .isZero();
    Cli file = Cli.data("stage2", "--in", in, "--out", in.resolve("out.json"));
    Cli directory = Cli.data("stage2", "--in", in, "--out", existing);

    assertThat(file.err()).contains("cannot be made: ").contains("in.json is a file");
    assertThat(directory.err()).contains("existing exists; delete it or choose another name");
  }

  @Test
  void should_say_of_records_of_another_form_what_they_lack() throws IOException {
    Path in =
        Files.writeString(
            folder.resolve("in.json"),
            "[" + RECORD + ", {\"tools\": [], \"conversations\": []}, {\"tools\": \"[\"}]");

    Cli cli = Cli.data("stage2", "--in", in, "--out", folder.resolve("out.json"));

    assertThat(cli.exit()).isZero();
    assertThat(cli.out()).contains("2  records skipped");
    assertThat(cli.err())
        .contains("record 1: 'instruction' is missing; there are [tools, conversations]")
        .contains("record 2:");
  }
}
