package io.github.alphaumi.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.alphaumi.core.PythonJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Static evaluation of a model behind a real HTTP server. */
class EndpointTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int TASKS = 6;

  @TempDir private Path folder;
  private Path data = Path.of("");
  private Path out = Path.of("");

  @BeforeEach
  void writeData() throws IOException {
    data = folder.resolve("data.json");
    out = folder.resolve("metrics.json");
    List<Object> records = new ArrayList<>();
    for (int i = 0; i < TASKS; i++) {
      String city = "City" + i;
      records.add(
          new Conversation(
                  List.of(
                      Map.of(
                          "Name", "weather",
                          "function", "The weather",
                          "input", Map.of("city", "string, the city"))),
                  "Is it warm in " + city + "?",
                  List.of(
                      new Turn(Turn.USER, "Is it warm in " + city + "?"),
                      new Turn(Turn.PLANNER, "Look. Next: caller."),
                      new Turn(
                          Turn.CALLER,
                          "Action: weather\nAction Input: {\"city\": \"" + city + "\"}"),
                      new Turn(Turn.OBSERVATION, "{\"sky\": \"cold\"}"),
                      new Turn(Turn.PLANNER, "Known. Next: conclusion."),
                      new Turn(Turn.SUMMARIZER, "No, cold.")))
              .json());
    }
    Files.writeString(data, PythonJson.writeAscii(records));
  }

  @Test
  void should_ask_several_questions_at_once_and_score_the_answers() throws Exception {
    CyclicBarrier two = new CyclicBarrier(2);
    AtomicInteger first = new AtomicInteger();
    try (ChatServer server =
        new ChatServer(
            request -> {
              if (first.getAndIncrement() < 2) {
                await(two);
              }
              return gold(request);
            })) {

      Cli cli = evaluate(server, "--concurrency", "2");

      assertThat(cli.exit()).as(cli.err()).isZero();
      JsonNode metrics = JSON.readTree(out.toFile());
      assertThat(metrics.at("/honest/steps").asInt()).isEqualTo(2 * TASKS);
      assertThat(metrics.at("/honest/decisions/value").asDouble()).isEqualTo(1);
      assertThat(metrics.at("/honest/callsExact/value").asDouble()).isEqualTo(1);
      assertThat(metrics.at("/published/hallu_rate").asDouble()).isZero();
      assertThat(server.requests).hasSize(4 * TASKS);
      assertThat(server.requests)
          .allMatch(request -> request.get("model").asText().equals("tiny"))
          .allMatch(request -> request.get("temperature").asDouble() == 0);
    }
  }

  @Test
  void should_go_on_after_the_server_failed_with_what_is_missing() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    try (ChatServer broken =
        new ChatServer(
            request -> {
              if (asked.incrementAndGet() > TASKS) {
                throw new IOException("out of credit");
              }
              return gold(request);
            })) {
      Cli cli = evaluate(broken, "--concurrency", "1");

      assertThat(cli.exit()).isEqualTo(1);
      assertThat(cli.err()).contains("out of credit");
      assertThat(out).doesNotExist();
    }
    try (ChatServer server = new ChatServer(EndpointTest::gold)) {
      String kept = Files.readString(folder.resolve("metrics.json.answers.jsonl"));
      // The first server's port is part of the model's name.
      Files.writeString(
          folder.resolve("metrics.json.answers.jsonl"),
          kept.replaceAll("http://127.0.0.1:\\d+/v1", server.model().replace("#tiny", "")));

      Cli cli = evaluate(server, "--concurrency", "1");

      assertThat(cli.exit()).as(cli.err()).isZero();
      assertThat(server.requests).hasSize(3 * TASKS);
    }
  }

  @Test
  void should_ask_only_for_what_is_new_in_a_larger_sample() throws Exception {
    try (ChatServer server = new ChatServer(EndpointTest::gold)) {
      assertThat(evaluate(server, "--sample", "5").exit()).isZero();
      int small = server.requests.size();
      Files.delete(out);
      Files.delete(folder.resolve("metrics.json.hallu_cases.json"));

      assertThat(evaluate(server).exit()).isZero();

      assertThat(small).isEqualTo(10);
      assertThat(server.requests).hasSize(4 * TASKS);
    }
  }

  @Test
  void should_say_which_model_of_an_endpoint_is_not_named() {
    Cli cli =
        Cli.run(
            new EvaluateCommand(),
            "static",
            "--data",
            data,
            "--model",
            "http://localhost:1/v1",
            "--out",
            out);

    assertThat(cli.exit()).isEqualTo(1);
    assertThat(cli.err()).contains("write http://localhost:1/v1#NAME");
  }

  @Test
  void should_want_predictions_or_a_model_but_not_both() {
    Cli neither = Cli.run(new EvaluateCommand(), "static", "--out", out);
    Cli half = Cli.run(new EvaluateCommand(), "static", "--data", data, "--out", out);

    assertThat(neither.err()).contains("give either --predictions FILE, or --data FILE and");
    assertThat(half.err()).contains("give either --predictions FILE, or --data FILE and");
  }

  @Test
  void should_ask_and_score_a_single_model() throws Exception {
    Path roles = folder.resolve("roles");
    Cli made = Cli.data("roles", "--in", data, "--out-dir", roles);
    assertThat(made.exit()).as(made.err()).isZero();
    AtomicInteger asked = new AtomicInteger();
    try (ChatServer server =
        new ChatServer(
            request -> {
              String prompt = ChatServer.last(request);
              String city = prompt.replaceAll("(?s).*warm in (City\\d).*", "$1");
              if (prompt.contains("observation: ")) {
                return "Known.\nconclusion: No, cold.";
              }
              return asked.incrementAndGet() == 1
                  ? "Look.\nAction: sky\nAction Input: {}"
                  : "Look.\nAction: weather\nAction Input: {\"city\": \"" + city + "\"}";
            })) {

      Cli cli =
          Cli.run(
              new EvaluateCommand(),
              "static",
              "--backbone",
              "--data",
              roles.resolve("train_backbone.json"),
              "--model",
              server.model(),
              "--concurrency",
              "1",
              "--as-published",
              "--out",
              out);

      assertThat(cli.exit()).as(cli.err()).isZero();
      JsonNode metrics = JSON.readTree(out.toFile());
      assertThat(metrics.get("plan_em").asDouble()).isEqualTo(1);
      assertThat(metrics.get("action_em").asDouble()).isEqualTo((TASKS - 1.0) / TASKS);
      assertThat(metrics.get("rouge").asDouble()).isGreaterThan(0.999);
      assertThat(metrics.get("hallu_rate").asDouble()).isEqualTo(1.0 / (2 * TASKS));
      JsonNode invented = JSON.readTree(folder.resolve("hallu_cases.json").toFile());
      assertThat(invented).hasSize(1);
      assertThat(invented.get(0).get("predictions").asText()).contains("Action: sky");
    }
  }

  private Cli evaluate(ChatServer server, Object... more) {
    List<Object> arguments = new ArrayList<>(List.of("static", "--data", data));
    arguments.addAll(List.of("--model", server.model(), "--out", out));
    arguments.addAll(List.of(more));
    return Cli.run(new EvaluateCommand(), arguments.toArray());
  }

  private static void await(CyclicBarrier barrier) throws IOException {
    try {
      barrier.await(1, TimeUnit.MINUTES);
    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
      throw new IOException(e);
    }
  }

  /** What the recorded conversation has next. */
  private static String gold(JsonNode request) {
    JsonNode messages = request.get("messages");
    String task = messages.get(1).get("content").asText();
    if (request.has("tools")) {
      return "weather {\"city\": \"" + task.replaceAll(".*(City\\d).*", "$1") + "\"}";
    }
    String last = ChatServer.last(request);
    if (last.equals(task)) {
      return "Look. Next: caller.";
    }
    return last.startsWith("Observation") ? "Known. Next: conclusion." : "No, cold.";
  }
}
