package io.github.alphaumi.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.alphaumi.core.PromptFormat;
import io.github.alphaumi.lab.train.SampleFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Data for tests of the trainer, by the commands that users make theirs with. */
public final class TrainingData {
  private static final Path GGUF =
      Path.of(
          "../examples/embedded-model/src/main/resources/io/github/alphaumi/embedded",
          "SmolLM2-135M-Instruct.Q4_1.gguf");

  private TrainingData() {}

  /** The embedded model, whose tokenizer is used. */
  public static Path model() {
    return GGUF.toAbsolutePath().normalize();
  }

  /** A file of the tool world; returns it. */
  public static Path world(Path file, Object... options) {
    if (!Files.exists(file)) {
      List<Object> arguments = new ArrayList<>(List.of("world", "--out", file));
      arguments.addAll(List.of(options));
      Cli run = Cli.data(arguments.toArray());
      assertThat(run.exit()).as(run.err()).isZero();
    }
    return file;
  }

  /** Conversations to the samples of each role; returns their folder. */
  public static Path roles(Path conversations, Path folder, String format) {
    Cli run = Cli.data("roles", "--in", conversations, "--out-dir", folder, "--format", format);
    assertThat(run.exit()).as(run.err()).isZero();
    return folder;
  }

  /** A file as the trainer reads it. */
  public static SampleFile open(Path file, PromptFormat format, boolean joined) throws IOException {
    return TrainingFile.open(file, format, joined, null);
  }
}
