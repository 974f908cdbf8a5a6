package io.github.alphaumi.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The published example files, byte for byte; hashes as published. */
class PublishedDataTest {
  @TempDir Path folder;

  @Test
  void should_write_stage_2_as_published() throws IOException {
    Path out = folder.resolve("stage2.json");

    Cli cli =
        Cli.data(
            "stage2",
            "--as-published",
            "--in",
            Shared.path("data/toolbench/raw_data_stage_1.json"),
            "--out",
            out);

    assertThat(cli.exit()).as(cli.err()).isZero();
    assertThat(sha256(out))
        .isEqualTo("cd3632873cd956d5ed48dbed0eb1d0793ce3931be6ed2f252e1fefa953f2b447");
  }

  @Test
  void should_write_the_role_files_as_published() throws IOException {
    Path templates = folder.resolve("published.json");
    Path out = folder.resolve("roles");
    Cli taken =
        Cli.data("templates", "--roles-dir", Shared.path("data/toolbench"), "--out", templates);
    assertThat(taken.exit()).as(taken.err()).isZero();

    Cli cli =
        Cli.data(
            "roles",
            "--as-published",
            "--format",
            templates,
            "--in",
            Shared.path("data/toolbench/raw_data_stage_2.json"),
            "--out-dir",
            out);

    assertThat(cli.exit()).as(cli.err()).isZero();
    assertThat(sha256(out.resolve("train_planner.json")))
        .isEqualTo("3789490d911d0b2d5f82d9cb6483067a77b6432dd548e6388bbde32eba238b16");
    assertThat(sha256(out.resolve("train_caller.json")))
        .isEqualTo("117893491d6f555cbd4e761898fe637885c794c24a841077f365f73057d8d091");
    assertThat(sha256(out.resolve("train_summarizer.json")))
        .isEqualTo("5b4d7b242dee8926945686cd5aa57cec7b0d9d7378d9565c73f25273c4b0a502");
    assertThat(sha256(out.resolve("train_backbone.json")))
        .isEqualTo("eeccef1ccf9eb0062c07b97fe2e3a750fef65e50c466b6ccd0fbe1a7f0090f8a");
    assertThat(cli.out())
        .contains("79  train_planner.json")
        .contains("59  train_caller.json")
        .contains("14  train_summarizer.json")
        .contains("79  train_backbone.json");
  }

  @Test
  void should_read_and_write_json_as_published() throws IOException {
    Path stage1 = Shared.path("data/toolbench/raw_data_stage_1.json");
    Path out = folder.resolve("copy.json");
    RecordWriter writer = new RecordWriter(out, 2, 0, 0);
    try (RecordReader reader =
        new RecordReader(Files.newInputStream(stage1), RecordReader.Form.VALUE, 1 << 26)) {
      for (RecordReader.Raw raw = reader.next(); raw != null; raw = reader.next()) {
        writer.write(
            Fields.value(new String(raw.bytes(), java.nio.charset.StandardCharsets.UTF_8)));
      }
    } catch (BadRecordException e) {
      throw new AssertionError(e);
    }
    writer.end();

    assertThat(writer.sha256())
        .isEqualTo("8e5992a6a1a6b337b62ef1aac2a07b241a8bd44f729b1b1f6dfac8b5c4996a28");
  }

  private static String sha256(Path file) throws IOException {
    return new HashedFile(file).sha256();
  }
}
