package io.github.alphaumi.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.alphaumi.core.PythonJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ToolAlpaca file of our own making, to conversations and on to other trainers' forms. */
class OtherFormsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private Path conversations = Path.of("");

  @BeforeEach
  void convert() throws IOException {
    Path in = folder.resolve("toolalpaca.json");
    conversations = folder.resolve("stage2.json");
    Object call =
        List.of("findPictures", "{\"color\": \"wild\"}", "I search. \nASSISTANT Action: x");
    Object asks = List.of("getDetails", "{\"Question\": \"?\"}", "I ask.");
    Files.writeString(
        in,
        PythonJson.write(
            List.of(
                Map.of(
                    "Name",
                    "Animals",
                    "Function_Description",
                    Map.of(
                        "findPictures",
                        "Find pictures.\nParameters: {\"color\": \"Required. string. The colour.\","
                            + " \"page\": \"integer.\"}\nOutput: x",
                        "components",
                        ""),
                    "Instances",
                    List.of(
                        instance(List.of(List.of(call, "Status Code: 200.\nHint: be nice"))),
                        instance(List.of()),
                        instance(List.of(List.of(asks, "which"))),
                        Map.of("input", "x", "error", "broken"))))));

    Cli cli = Cli.data("toolalpaca", "--in", in, "--out", conversations);

    assertThat(cli.exit()).as(cli.err()).isZero();
    assertThat(cli.out())
        .contains("1  conversations", "1  left out: only asks back")
        .contains("1  left out: no step or more than 5", "1  left out: ended as an error");
  }

  private static Map<String, Object> instance(List<Object> steps) {
    return Map.of(
        "input", "Show me one.",
        "output", "Here it is.",
        "Final Thought", "I have it.",
        "intermediate_steps", steps);
  }

  @Test
  void should_make_conversations_of_toolalpaca() throws IOException {
    JsonNode record = JSON.readTree(conversations.toFile()).get(0);

    assertThat(record.get("tools").get(0).toString())
        .isEqualTo(
            "{\"Name\":\"findPictures\",\"function\":\"Find pictures.\",\"input\":{\"color\":"
                + "\"string, The colour.\",\"page\":\"integer, \"},\"required\":[\"color\"]}");
    assertThat(record.get("conversations").findValuesAsText("value"))
        .containsExactly(
            "Show me one.",
            "I search. Next: caller.",
            "Action: findPictures\nAction Input: {\"color\": \"wild\"}",
            "Status Code: 200.",
            "I have it. Next: conclusion.",
            "Here it is.");
  }

  @Test
  void should_make_one_row_of_a_trajectory() throws IOException {
    Path out = folder.resolve("rows");

    Cli.data("trajectories", "--in", conversations, "--out-dir", out);

    assertThat(
            JSON.readTree(out.resolve("train_global.json").toFile()).get(0).get("output").asText())
        .isEqualTo(
            "Rationale 1: I search.\n"
                + "Action 1: findPictures {\"color\": \"wild\"}\n"
                + "Observation 1: Status Code: 200.\n"
                + "Rationale 2: I have it.\n"
                + "Answer: Here it is.");
    assertThat(
            JSON.readTree(out.resolve("train_global_planner.json").toFile())
                .get(0)
                .get("output")
                .asText())
        .isEqualTo("Rationale 1: I search. Next: Caller\nRationale 2: I have it. Next: Summarizer");
  }

  @Test
  void should_make_chat_messages_with_tool_calls_of_a_conversation() throws IOException {
    Path out = folder.resolve("chat.jsonl");

    Cli.data("chat", "--in", conversations, "--out", out);

    JsonNode line = JSON.readTree(Files.readString(out));
    assertThat(line.get("messages").findValuesAsText("role"))
        .containsExactly("user", "assistant", "tool", "assistant");
    JsonNode call = line.get("messages").get(1).get("tool_calls").get(0);
    assertThat(call.get("function").get("arguments").asText()).isEqualTo("{\"color\": \"wild\"}");
    assertThat(line.get("messages").get(2).get("tool_call_id")).isEqualTo(call.get("id"));
    assertThat(line.get("tools").get(0).get("function").get("parameters").toString())
        .isEqualTo(
            "{\"type\":\"object\",\"properties\":{\"color\":{\"type\":\"string\",\"description\":"
                + "\"The colour.\"},\"page\":{\"type\":\"integer\",\"description\":\"\"}},"
                + "\"required\":[\"color\"]}");
  }

  @Test
  void should_mark_what_is_learnt_of_a_role_sample() throws IOException {
    Path roles = folder.resolve("roles");
    Path out = folder.resolve("spans.jsonl");
    Cli.data("roles", "--in", conversations, "--out-dir", roles, "--format", "compact");

    Cli.data("chat", "--spans", "--in", roles.resolve("train_caller.json"), "--out", out);

    JsonNode line = JSON.readTree(Files.readString(out));
    int from = line.get("learn").get(0).get(0).asInt();
    assertThat(line.get("text").asText().substring(from))
        .isEqualTo("Action: findPictures\nAction Input: {\"color\": \"wild\"}")
        .hasSize(line.get("learn").get(0).get(1).asInt() - from);
  }
}
