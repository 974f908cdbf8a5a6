package io.github.alphaumi.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TasksTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path CASES = Path.of("src/test/resources/cases/lighthouse.json");

  @TempDir private Path folder;

  @Test
  void should_count_and_explain_what_an_agent_did() throws IOException {
    try (ChatServer server = new ChatServer(TasksTest::agent)) {
      Cli cli = tasks("--model", server.model(), "--json");

      assertThat(cli.exit()).as(cli.err()).isZero();
      JsonNode report = JSON.readTree(cli.out());
      assertThat(report.at("/agent/all/cases").asInt()).isEqualTo(3);
      assertThat(report.at("/agent/all/success/count").asInt()).isEqualTo(2);
      assertThat(report.at("/agent/all/success/interval95/0").asDouble())
          .isEqualTo(0.2077, within(1e-4));
      assertThat(report.at("/agent/all/success/interval95/1").asDouble())
          .isEqualTo(0.9385, within(1e-4));
      assertThat(report.at("/agent/kinds/giveup/success/count").asInt()).isEqualTo(1);
      assertThat(report.at("/agent/levels/2/decision/count").asInt()).isEqualTo(2);
      assertThat(report.at("/agent/failuresByCause/wrong argument").asInt()).isEqualTo(1);
      JsonNode failure = report.at("/agent/failures/0");
      assertThat(failure.get("id").asText()).isEqualTo("lamp");
      assertThat(failure.get("trajectory").get(1).asText())
          .isEqualTo("call      lampHours {\"tower\": \"Nord\"}");
    }
  }

  @Test
  void should_print_failures_and_counts_for_people() throws IOException {
    try (ChatServer server = new ChatServer(TasksTest::agent)) {
      Cli cli = tasks("--model", server.model());

      assertThat(cli.out())
          .contains("agent, lamp: How long has the south tower's lamp burnt?")
          .contains("wrong argument: called [lampHours {\"tower\": \"Nord\"}]")
          .containsPattern("all +agent +3 2 \\(0.21 to 0.94\\)")
          .containsPattern("level 1 +agent +1 1 \\(0.21 to 1.00\\)")
          .contains(
              "failures of agent: budget 0, wrong decision 0, wrong tool 0, wrong argument 1");
    }
  }

  @Test
  void should_measure_ai_services_of_the_same_model_side_by_side() throws IOException {
    try (ChatServer server = new ChatServer(TasksTest::either)) {
      List<Object> asked =
          List.of("--model", server.model(), "--baseline", "aiservices", "--steps", "4");
      List<Object> asJson = new ArrayList<>(asked);
      asJson.add("--json");

      Cli cli = tasks(asJson.toArray());

      assertThat(cli.exit()).as(cli.err()).isZero();
      JsonNode report = JSON.readTree(cli.out());
      assertThat(report.at("/agent/all/success/count").asInt()).as(cli.out()).isEqualTo(2);
      assertThat(report.at("/aiservices/all/success/count").asInt()).isEqualTo(3);
      assertThat(report.at("/aiservices/kinds/giveup/success/count").asInt()).isEqualTo(1);
      assertThat(report.get("successes"))
          .isEqualTo(
              JSON.readTree(
                  "{\"both\": 2, \"agent alone\": 0, \"aiservices alone\": 1, \"neither\": 0}"));

      assertThat(tasks(asked.toArray()).out())
          .containsPattern("all +agent +3 2 \\(0.21 to 0.94\\)")
          .containsPattern(" +aiservices +3 3 \\(0.44 to 1.00\\)")
          .contains("successes: {both=2, agent alone=0, aiservices alone=1, neither=0}");
    }
  }

  @Test
  void should_ask_only_the_baseline_where_the_agent_was_judged_before() throws IOException {
    Path out = folder.resolve("report.json");
    try (ChatServer server = new ChatServer(TasksTest::either)) {
      assertThat(tasks("--model", server.model(), "--out", out).exit()).isZero();
      Files.delete(out);
      server.requests.clear();

      Cli cli = tasks("--model", server.model(), "--out", out, "--baseline", "aiservices");

      assertThat(cli.exit()).as(cli.err()).isZero();
      assertThat(server.requests).isNotEmpty().allMatch(TasksTest::isOfAiServices);
      assertThat(JSON.readTree(out.toFile()).at("/agent/all/success/count").asInt()).isEqualTo(2);
    }
  }

  @Test
  void should_call_a_run_over_when_ai_services_find_no_end() throws IOException {
    try (ChatServer server =
        new ChatServer(request -> isOfAiServices(request) ? "fog {\"day\": 7}" : agent(request))) {
      Cli cli =
          tasks("--model", server.model(), "--baseline", "aiservices", "--json", "--steps", "3");

      assertThat(cli.exit()).as(cli.err()).isZero();
      JsonNode report = JSON.readTree(cli.out());
      assertThat(report.at("/aiservices/failuresByCause/budget").asInt()).isEqualTo(3);
    }
  }

  @Test
  void should_go_on_where_it_was_killed() throws IOException {
    Path out = folder.resolve("report.json");
    Path answers = folder.resolve("report.json.answers.jsonl");
    try (ChatServer server = new ChatServer(TasksTest::agent)) {
      Cli first = tasks("--model", server.model(), "--out", out, "--concurrency", "1");
      assertThat(first.exit()).as(first.err()).isZero();
      String whole = Files.readString(out);
      List<String> lines = Files.readAllLines(answers);
      Files.writeString(answers, String.join("\n", lines.subList(0, 3)) + "\n{\"key\": \"f");
      Files.delete(out);
      server.requests.clear();

      Cli second = tasks("--model", server.model(), "--out", out, "--concurrency", "1");

      assertThat(second.exit()).as(second.err()).isZero();
      assertThat(Files.readString(out)).isEqualTo(whole);
      assertThat(server.requests).hasSize(1);
      Cli third = tasks("--model", server.model(), "--out", out);
      assertThat(third.err()).contains("exists; delete it");
    }
  }

  @Test
  void should_go_back_from_a_dead_end_where_the_search_is_a_tree() throws IOException {
    AtomicInteger calls = new AtomicInteger();
    try (ChatServer server =
        new ChatServer(
            request -> {
              if (request.has("tools")) {
                String tower = calls.getAndIncrement() == 0 ? "Nord" : "Sued";
                return "lampHours {\"tower\": \"" + tower + "\"}";
              }
              String messages = request.get("messages").toString();
              String last = ChatServer.last(request);
              if (messages.contains("Paint")) {
                return "It cannot be done. Next: give up.";
              }
              // What a sibling observed is told, too, in a message that begins otherwise.
              if (last.startsWith("Observation")) {
                return last.contains("{\"hours\": 12}")
                    ? "A dead end. Next: give up."
                    : "Known. Next: conclusion.";
              }
              return messages.contains("Known. Next") ? "310 hours." : "Look. Next: caller.";
            })) {
      List<Object> asked = List.of("--model", server.model(), "--json", "--concurrency", "1");

      Cli chain = tasks(asked.toArray());
      calls.set(0);
      List<Object> searching = new ArrayList<>(asked);
      searching.addAll(List.of("--search", "dfs"));
      Cli tree = tasks(searching.toArray());

      assertThat(JSON.readTree(chain.out()).at("/agent/failures/0/problem").asText())
          .isEqualTo("gave up");
      assertThat(tree.exit()).as(tree.err()).isZero();
      assertThat(JSON.readTree(tree.out()).at("/agent/failures").findValuesAsText("id"))
          .as(tree.out())
          .doesNotContain("lamp");
    }
  }

  @Test
  void should_do_a_sample_of_the_cases() throws IOException {
    try (ChatServer server = new ChatServer(TasksTest::agent)) {
      Cli cli = tasks("--model", server.model(), "--json", "--sample", 2);

      assertThat(JSON.readTree(cli.out()).at("/agent/all/cases").asInt()).isEqualTo(2);
      assertThat(tasks("--model", server.model(), "--sample", 0).err())
          .contains("--sample 0 is less than 1");
    }
  }

  @Test
  void should_want_a_model() {
    assertThat(tasks().err()).contains("no model: give --model");
  }

  private Cli tasks(Object... more) {
    List<Object> arguments = new ArrayList<>(List.of("tasks", "--cases", CASES));
    arguments.addAll(List.of(more));
    return Cli.run(new EvaluateCommand(), arguments.toArray());
  }

  /** Roles are told what they are; AiServices tell the model nothing. */
  private static boolean isOfAiServices(JsonNode request) {
    return request.at("/messages/0/role").asText().equals("user");
  }

  private static String either(JsonNode request) {
    if (!isOfAiServices(request)) {
      return agent(request);
    }
    String last = ChatServer.last(request);
    if (last.startsWith("{")) {
      return "Known:" + last;
    }
    if (last.contains("south")) {
      return "lampHours {\"tower\": \"Sued\"}";
    }
    return last.contains("foggy") ? "fog {\"day\": 7}" : "I cannot do that.";
  }

  /** Plans, calls and answers, and takes the wrong tower. */
  private static String agent(JsonNode request) {
    String task = request.get("messages").get(1).get("content").asText();
    if (request.has("tools")) {
      return task.contains("south") ? "lampHours {\"tower\": \"Nord\"}" : "fog {\"day\": 7.0}";
    }
    String last = ChatServer.last(request);
    if (last.equals(task)) {
      return task.contains("Paint") ? "No. Next: give up." : "Look. Next: caller.";
    }
    return last.startsWith("Observation") ? "Known. Next: conclusion." : "Fog and 310 hours.";
  }
}
