package io.github.alphaumi.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A format of one's own, and what is said of a file that is none. */
class PromptFormatFileTest {
  private static final String GOOD =
      """
      {
        "name": "mine",
        "toolDocuments": "line",
        "beforeToolName": "",
        "templates": {
          "planner": "{doc} {not a slot} {} {\\"a\\": 1}\\n{history}P:",
          "caller": "{history}{tool_names}C:",
          "summarizer": "{history}S:"
        },
        "turns": {
          "user": ["U:", "\\n"],
          "planner": ["P:", "\\n"],
          "caller": ["C:", "\\n"],
          "observation": ["O:", "\\n"]
        },
        "stops": ["\\n\\n"],
        "maxTokens": {"planner": 1, "caller": 2, "summarizer": 3}
      }
      """;

  @TempDir Path folder;

  private Path write(String json) throws IOException {
    return Files.writeString(folder.resolve("mine.json"), json);
  }

  @Test
  void should_load_a_format_from_a_file() throws IOException {
    PromptFormat format = PromptFormat.load(write(GOOD));

    assertThat(format.name()).isEqualTo("mine");
    assertThat(format.stops()).isEqualTo(List.of("\n\n"));
    assertThat(format.maxTokens(Role.SUMMARIZER)).isEqualTo(3);
    assertThat(format.prompt(Role.PLANNER, Trajectory.start("hi"), null, Tools.SHOP).text())
        .startsWith("- Status and delivery date of an order: orderStatus {\"orderId\": string}\n")
        .endsWith("? {not a slot} {} {\"a\": 1}\nU:hi\nP:".substring(1));
  }

  static Stream<Arguments> bad() {
    return Stream.of(
        Arguments.of("\"stops\": [\"\\n\\n\"],", "", "stops"),
        Arguments.of("\"name\": \"mine\",", "", "name"),
        Arguments.of("\"name\": \"mine\"", "\"name\": null", "name"),
        Arguments.of("\"toolDocuments\": \"line\",", "", "toolDocuments"),
        Arguments.of(
            "\"toolDocuments\": \"line\"", "\"toolDocuments\": \"yaml\"", "toolDocuments: "),
        Arguments.of("\"caller\": \"{history}{tool_names}C:\",", "", "templates.caller is missing"),
        Arguments.of("\"caller\": 2", "\"caller\": null", "maxTokens.caller is missing"),
        Arguments.of("\"caller\": 2", "\"caller\": 0", "maxTokens.caller is less than 1"),
        Arguments.of("\"caller\": 2", "\"caller\": \"two\"", "maxTokens.caller: "),
        Arguments.of(
            "\"observation\": [\"O:\", \"\\n\"]", "\"result\": []", "turns.observation is missing"),
        Arguments.of("[\"O:\", \"\\n\"]", "[\"O:\"]", "turns.observation needs two texts"),
        Arguments.of("[\"O:\", \"\\n\"]", "[\"O:\", null]", "turns.observation needs two texts"),
        Arguments.of("[\"\\n\\n\"]", "[\"\"]", "stops has an empty text"),
        Arguments.of("[\"\\n\\n\"]", "null", "stops"),
        Arguments.of(
            "{history}S:",
            "{histroy}S:",
            "templates.summarizer has the unknown slot {histroy}; slots are [doc, history, thought, tool_names]"),
        Arguments.of("\"name\"", "\"colour\": \"red\", \"name\"", "colour"),
        Arguments.of("\"name\": \"mine\",", "\"name\": \"mine\"", "line 3: "));
  }

  @ParameterizedTest
  @MethodSource("bad")
  void should_name_the_file_and_the_key_of_what_is_wrong(String good, String bad, String expected)
      throws IOException {
    assertThat(GOOD).contains(good);
    Path file = write(GOOD.replace(good, bad));

    assertThatThrownBy(() -> PromptFormat.load(file))
        .isInstanceOf(AlphaUmiException.class)
        .hasMessageStartingWith("prompt format " + file + ": ")
        .hasMessageContaining(expected);
  }

  @Test
  void should_name_the_file_that_holds_no_format() throws IOException {
    for (String json : List.of("", "null", "[]", "7", GOOD + "{}", "{}")) {
      Path file = write(json);
      assertThatThrownBy(() -> PromptFormat.load(file))
          .as(json)
          .isInstanceOf(AlphaUmiException.class)
          .hasMessageStartingWith("prompt format " + file + ": ");
    }
  }

  @Test
  void should_name_the_file_that_cannot_be_read() throws IOException {
    Path missing = folder.resolve("missing.json");
    Path latin1 =
        Files.write(folder.resolve("latin1.json"), "\"ä\"".getBytes(StandardCharsets.ISO_8859_1));

    for (Path file : List.of(missing, latin1)) {
      assertThatThrownBy(() -> PromptFormat.load(file))
          .isInstanceOf(AlphaUmiException.class)
          .hasMessageStartingWith("prompt format " + file + " cannot be read: ");
    }
  }
}
