package io.github.alphaumi.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the README shows is what this module compiles, and it runs. */
class ReadmeTest {

  @Test
  void should_show_the_class_that_is_compiled_here() throws IOException {
    String readme = Files.readString(Path.of("../../README.md"));
    Matcher block = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(readme);
    assertThat(block.find()).as("a block of Java in the README").isTrue();
    String source =
        Files.readString(Path.of("src/main/java/io/github/alphaumi/quickstart/Embedding.java"));

    assertThat(source).contains(block.group(1));
  }

  @Test
  void should_answer_when_run() {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream before = System.out;
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      Embedding.main(new String[0]);
    } finally {
      System.setOut(before);
    }

    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains("ANSWERED", "shipped", "2026-11-24");
  }
}
