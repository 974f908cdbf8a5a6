package io.github.alphaumi.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.alphaumi.core.PythonJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From an answer file of our own making to role files, with what the published code loses. */
class DataPipelineTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  @Test
  void should_filter_test_ids_by_group_and_pool_them_as_published() throws IOException {
    answer("G1", "7", calm());
    answer("G2", "7", calm());
    answer("G1", "8", calm());
    Path ids = Files.createDirectory(folder.resolve("ids"));
    Files.writeString(ids.resolve("G2_instruction.json"), "{\"7\": 0}");

    assertThat(stage1("mended.json", "--test-ids", ids)).hasSize(2);
    assertThat(stage1("published.json", "--test-ids", ids, "--as-published")).hasSize(1);
  }

  @Test
  void should_cut_names_at_the_front_and_descriptions_as_the_format_wants() throws IOException {
    answer("G1", "1", calm());

    JsonNode tool = stage1("stage1.json").get(0).get("tools").get(0);

    assertThat(tool.get("Name").asText()).hasSize(64).endsWith("y_for_weather");
    assertThat(tool.get("function").asText()).hasSize(256).startsWith("d");
    assertThat(tool.get("input").get("city").asText()).isEqualTo("string, the city");
    assertThat(tool.get("required").get(0).asText()).isEqualTo("city");
    assertThat(
            stage1("published.json", "--as-published").get(0).get("tools").get(0).has("required"))
        .isFalse();
  }

  @Test
  void should_report_answers_that_cannot_be_used_and_pass_those_without_a_chain()
      throws IOException {
    answer("G1", "1", calm());
    Path answers = folder.resolve("answers/G1_answer");
    Files.writeString(answers.resolve("2_x.json"), "{\"answer_generation\": {}}");
    Files.writeString(answers.resolve("3_x.json"), "{\"win\": tru");
    Files.writeString(answers.resolve("4_x.json"), "{\"win\": true}");

    Cli cli =
        Cli.data(
            "stage1", "--answers", folder.resolve("answers"), "--out", folder.resolve("o.json"));

    assertThat(cli.exit()).isZero();
    assertThat(cli.out())
        .contains("1  kept", "1  left out: no chain was chosen", "2  records skip");
    assertThat(cli.err()).contains("3_x.json, record 0", "4_x.json, record 0: 'answer_generation'");
  }

  @Test
  void should_keep_errors_and_thoughts_that_the_published_rules_lose() throws IOException {
    answer("G1", "1", rough());

    List<String> mended = turns(stage2());
    List<String> published = turns(stage2("--as-published"));

    assertThat(mended)
        .containsExactly(
            "user: Is it warm in Oslo?",
            "assistant: I look.\nAt the weather. Next: caller.",
            "caller: Action: weather\nAction Input: {\"city\": \"Oslo\"}",
            "observation: {\"error\": \"Timeout\"}",
            "user: Be different.",
            "assistant: Next: caller.",
            "caller: Action: weather\nAction Input: {\"city\": \"Oslo\", \"days\": 1}",
            "observation: cold \"as ever...",
            "assistant: Done. Next: conclusion.",
            "conclusion: No.\nIt is cold.");
    assertThat(published)
        .containsExactly(
            "user: Is it warm in Oslo?",
            "assistant: At the weather.\n Next: caller.",
            "caller: Action: weather\nAction Input: {\n  \"city\": \"Oslo\"\n}",
            "observation: ",
            "user: Be different.",
            "assistant:  Next: caller.",
            "caller: Action: weather\nAction Input: {\"city\": \"Oslo\", \"days\": 1}",
            "observation:  \"cold \\\"as ever...",
            "assistant: Done.\n Next: conclusion.",
            "conclusion: No.\nIt is cold.");
  }

  @Test
  void should_build_role_samples_with_prompts_of_live_runs() throws IOException {
    answer("G1", "1", rough());
    stage2();
    Path out = folder.resolve("roles");

    Cli cli =
        Cli.data(
            "roles",
            "--in",
            folder.resolve("stage2.json"),
            "--out-dir",
            out,
            "--format",
            "compact");

    assertThat(cli.exit()).as(cli.err()).isZero();
    JsonNode planner = JSON.readTree(out.resolve("train_planner.json").toFile());
    // The second plan answers a turn of the search, which no live prompt has.
    assertThat(
            StreamSupport.stream(planner.spliterator(), false).map(s -> s.get("target").asText()))
        .containsExactly("I look.\nAt the weather. Next: caller.", "Done. Next: conclusion.");
    assertThat(planner.get(1).get("input").asText())
        .startsWith("<|im_start|>system\nTools:\n- ")
        .contains("<|im_start|>observation\n{\"error\": \"Timeout\"}<|im_end|>\n")
        .doesNotContain("Be different")
        .endsWith("<|im_start|>planner\n");
    assertThat(JSON.readTree(out.resolve("train_caller.json").toFile())).hasSize(2);
    JsonNode summarizer = JSON.readTree(out.resolve("train_summarizer.json").toFile());
    assertThat(summarizer.get(0).get("target").asText()).isEqualTo("No.\nIt is cold.");
    JsonNode backbone = JSON.readTree(out.resolve("train_backbone.json").toFile());
    assertThat(backbone.get(1).get("target").asText())
        .isEqualTo("Done.\nconclusion: No.\nIt is cold.");
  }

  @Test
  void should_give_each_task_to_backbone_or_roles_without_reuse() throws IOException {
    answer("G1", "1", rough());
    stage2();
    Path out = folder.resolve("roles");

    Cli.data("roles", "--in", folder.resolve("stage2.json"), "--out-dir", out, "--without-reuse");

    int roles = JSON.readTree(out.resolve("train_planner.json").toFile()).size();
    int backbone = JSON.readTree(out.resolve("train_backbone.json").toFile()).size();
    assertThat(roles == 0).isNotEqualTo(backbone == 0);
  }

  private JsonNode stage1(String out, Object... more) throws IOException {
    List<Object> arguments =
        new ArrayList<>(
            List.of(
                "stage1", "--answers", folder.resolve("answers"), "--out", folder.resolve(out)));
    arguments.addAll(List.of(more));
    Cli cli = Cli.data(arguments.toArray());
    assertThat(cli.exit()).as(cli.err()).isZero();
    return JSON.readTree(folder.resolve(out).toFile());
  }

  private JsonNode stage2(Object... more) throws IOException {
    Path in = folder.resolve("stage1.json");
    Path out = folder.resolve("stage2" + (more.length == 0 ? "" : "p") + ".json");
    if (!Files.exists(in)) {
      stage1("stage1.json");
    }
    List<Object> arguments = new ArrayList<>(List.of("stage2", "--in", in, "--out", out));
    arguments.addAll(List.of(more));
    Cli cli = Cli.data(arguments.toArray());
    assertThat(cli.exit()).as(cli.err()).isZero();
    return JSON.readTree(out.toFile());
  }

  private static List<String> turns(JsonNode stage2) {
    List<String> turns = new ArrayList<>();
    stage2
        .get(0)
        .get("conversations")
        .forEach(turn -> turns.add(turn.get("from").asText() + ": " + turn.get("value").asText()));
    return turns;
  }

  private void answer(String group, String id, List<Map<String, Object>> messages)
      throws IOException {
    Path file = folder.resolve("answers/" + group + "_answer/" + id + "_model_DFS.json");
    Files.createDirectories(file.getParent());
    List<Object> functions =
        List.of(
            function("temperature_now_or_later_in_a_city_or_a_region_or_a_country_for_weather"),
            function("weather"),
            function("Finish"));
    Map<String, Object> generation = new LinkedHashMap<>();
    generation.put("query", "Is it warm in Oslo?");
    generation.put("function", functions);
    generation.put("train_messages", List.of(List.of(), messages));
    Files.writeString(
        file, PythonJson.writeAscii(Map.of("win", true, "answer_generation", generation)));
  }

  private static Map<String, Object> function(String name) {
    return Map.of(
        "name",
        name,
        "description",
        "d".repeat(300),
        "parameters",
        Map.of(
            "type", "object",
            "properties", Map.of("city", Map.of("type", "string", "description", "the city")),
            "required", List.of("city")));
  }

  private static List<Map<String, Object>> calm() {
    return List.of(
        message("system", "s"), message("user", "u"), finish("Done.", "{\"final_answer\": \"x\"}"));
  }

  private static List<Map<String, Object>> rough() {
    return List.of(
        message("system", "s"),
        message("user", "u"),
        message("assistant", "I look."),
        call("At the weather.", "{\n  \"city\": \"Oslo\"\n}"),
        message("function", "{\"error\": \"Timeout\", \"response\": \"\"}"),
        message("user", "Be different."),
        call("", "{\"city\": \"Oslo\", \"days\": 1}"),
        message("function", "{\"error\": \"\", \"response\": \"cold \\\"as ever..."),
        finish(
            "Done.",
            "{\"return_type\": \"give_answer\", \"final_answer\": \"No.\\nIt is cold.\"}"));
  }

  private static Map<String, Object> message(String role, String content) {
    return Map.of("role", role, "content", content);
  }

  private static Map<String, Object> call(String thought, String arguments) {
    return withCall(thought, "weather", arguments);
  }

  private static Map<String, Object> finish(String thought, String arguments) {
    return withCall(thought, "Finish", arguments);
  }

  private static Map<String, Object> withCall(String thought, String name, String arguments) {
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("role", "assistant");
    message.put("content", thought.isEmpty() ? null : thought);
    message.put("function_call", Map.of("name", name, "arguments", arguments));
    return message;
  }
}
