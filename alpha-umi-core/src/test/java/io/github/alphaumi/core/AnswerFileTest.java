package io.github.alphaumi.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Reports as ToolBench's answer files and back. */
class AnswerFileTest {

  private static RunReport searched() {
    return Reports.of("Where is my order A-4711?")
        .call(0, "look", "orderStatus", Map.of("orderId", "4711"), "{\"error\": \"none\"}")
        .giveUp(1, "no such order")
        .call(0, "with the letter", "orderStatus", Map.of("orderId", "A-4711"), "\"shipped\"")
        .conclude(3, "known", "It was \"shipped\".\n– today")
        .report();
  }

  /** Of each node what the form has room for. */
  private static List<String> essence(RunReport report) {
    return report.tree().nodes().stream()
        .map(
            n ->
                String.join(
                    " ",
                    "" + n.parent(),
                    "" + n.decision(),
                    "" + n.calls().stream().flatMap(made -> made.call().stream()).findFirst(),
                    ""
                        + n.calls().stream()
                            .flatMap(made -> made.observation().stream())
                            .findFirst(),
                    "" + n.answer(),
                    "" + n.state()))
        .toList();
  }

  @Test
  void should_come_back_from_an_answer_file_as_the_same_tree() {
    RunReport report = searched();

    RunReport again = RunReport.fromAnswerFile(report.toAnswerFile());

    assertThat(essence(again)).isEqualTo(essence(report));
    assertThat(again.tree().task()).isEqualTo(report.tree().task());
    assertThat(again.answer()).isEqualTo(report.answer());
    assertThat(again.tools()).isEqualTo(report.tools());
    assertThat(again.stopReason()).isEqualTo(StopReason.ANSWERED);
    assertThat(again.toAnswerFile())
        .isEqualTo(RunReport.fromAnswerFile(again.toAnswerFile()).toAnswerFile());
  }

  @Test
  void should_carry_hostile_text_to_an_answer_file_and_back() {
    RunReport report = Reports.hostile();

    assertThat(essence(RunReport.fromAnswerFile(report.toAnswerFile()))).isEqualTo(essence(report));
  }

  @Test
  void should_have_the_members_that_toolbench_writes() throws IOException {
    JsonNode file = new ObjectMapper().readTree(searched().toAnswerFile());

    assertThat(file.path("win").asBoolean()).isTrue();
    assertThat(file.at("/tree/size").asInt()).isEqualTo(1 + 4 * 3);
    assertThat(file.at("/tree/max_length").asInt()).isEqualTo(7);
    assertThat(file.at("/tree/tree/children/0/children/0/children/0/observation").asText())
        .isEqualTo("{\"error\": \"none\", \"response\": \"\"}");
    JsonNode generation = file.path("answer_generation");
    assertThat(generation.path("valid_data").asBoolean()).isTrue();
    assertThat(generation.path("finish_type").asText()).isEqualTo("give_answer");
    assertThat(generation.path("final_answer").asText())
        .startsWith("{\"return_type\": \"give_answer\", \"final_answer\": \"It was");
    assertThat(generation.path("function").findValuesAsText("name"))
        .containsExactly("orderStatus", "Finish");
    JsonNode messages = generation.path("train_messages");
    assertThat(messages).hasSize(2);
    assertThat(messages.get(0)).hasSize(3);
    assertThat(messages.get(1).findValuesAsText("role"))
        .containsExactly("system", "user", "assistant", "function", "assistant");
    assertThat(messages.get(1).get(4).at("/function_call/name").asText()).isEqualTo("Finish");
  }

  @Test
  void should_write_a_give_up_and_a_run_that_nothing_ended() throws IOException {
    JsonNode gaveUp =
        new ObjectMapper().readTree(Reports.of("t").giveUp(0, "no").report().toAnswerFile());
    assertThat(gaveUp.path("win").asBoolean()).isFalse();
    assertThat(gaveUp.at("/answer_generation/finish_type").asText()).isEqualTo("give_up");
    assertThat(gaveUp.at("/answer_generation/final_answer").asText())
        .isEqualTo("{\"return_type\": \"give_up_and_restart\"}");

    JsonNode cut =
        new ObjectMapper()
            .readTree(Reports.of("t").call(0, "p", "x", Map.of(), "y").report().toAnswerFile());
    assertThat(cut.at("/answer_generation/valid_data").asBoolean()).isFalse();
    assertThat(cut.at("/answer_generation").has("train_messages")).isFalse();
    assertThat(cut.at("/answer_generation").has("finish_type")).isFalse();
  }

  @Test
  void should_say_that_another_file_is_none() {
    assertThatThrownBy(() -> RunReport.fromAnswerFile("{\"win\": true}"))
        .isInstanceOf(AlphaUmiException.class)
        .hasMessageContaining("it needs \"answer_generation\", and \"tree\" or \"trys\"");
    assertThatThrownBy(() -> RunReport.fromAnswerFile("{"))
        .isInstanceOf(AlphaUmiException.class)
        .hasMessageContaining("it is no JSON");
  }

  @Test
  void should_read_the_answers_that_others_published() throws IOException {
    Path data = Path.of(System.getProperty("alpha.umi.shared", "none"), "data");
    assumeTrue(Files.isDirectory(data), "published answers are not here");
    List<Path> files;
    try (Stream<Path> all = Files.walk(data)) {
      files =
          all.filter(path -> path.toString().matches(".*/answer/.*(CoT@1|woFilter_w2)\\.json"))
              .toList();
    }
    assertThat(files).hasSizeGreaterThan(10);
    for (Path path : files) {
      JsonNode file = new ObjectMapper().readTree(path.toFile());
      RunReport report = RunReport.fromAnswerFile(Files.readString(path));

      int inputs = 0;
      for (JsonNode type : file.findValues("node_type")) {
        inputs += type.asText().equals("Action Input") ? 1 : 0;
      }
      assertThat(report.tree().nodes().size()).as(path.toString()).isGreaterThan(1);
      assertThat(
              report.tree().nodes().stream()
                  .filter(
                      n ->
                          n.calls().stream()
                                  .flatMap(made -> made.call().stream())
                                  .findFirst()
                                  .isPresent()
                              || n.answer().isPresent())
                  .count())
          .as(path.toString())
          .isLessThanOrEqualTo(inputs);
      if (file.path("win").asBoolean()) {
        assertThat(report.answer()).as(path.toString()).isPresent();
      }
      assertThat(essence(RunReport.fromAnswerFile(report.toAnswerFile())))
          .as(path.toString())
          .hasSameSizeAs(essence(report));
    }
  }
}
