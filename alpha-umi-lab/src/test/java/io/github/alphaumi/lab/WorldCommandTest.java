package io.github.alphaumi.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.agent.tool.ToolSpecification;
import io.github.alphaumi.core.Agent;
import io.github.alphaumi.core.Decision;
import io.github.alphaumi.core.PromptFormat;
import io.github.alphaumi.core.Role;
import io.github.alphaumi.core.Roles;
import io.github.alphaumi.core.ToolCall;
import io.github.alphaumi.core.Toolbox;
import io.github.alphaumi.core.Trajectory;
import io.github.alphaumi.core.cases.AgentCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorldCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  @Test
  void should_write_the_same_bytes_for_the_same_seed() throws IOException {
    Path first = written("first.jsonl", "--seed", 5);
    Path second = written("second.jsonl", "--seed", 5);
    Path other = written("other.jsonl", "--seed", 6);

    assertThat(second).hasSameBinaryContentAs(first);
    assertThat(Files.readString(other)).isNotEqualTo(Files.readString(first));
  }

  @Test
  void should_write_a_line_for_each_set_and_statistics_beside_it() throws IOException {
    Path file = written("sets.jsonl");

    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize(9);
    JsonNode set = JSON.readTree(lines.get(0));
    assertThat(ToolSpecification.fromJson(set.at("/tools/0").toString()).name()).isNotBlank();
    assertThat(set.get("trajectories")).hasSize(4);
    set.get("trajectories")
        .forEach(
            trajectory ->
                assertThat(trajectory.fieldNames())
                    .toIterable()
                    .contains("id", "kind", "domains", "task", "steps", "decision", "rationale"));
    JsonNode manifest = JSON.readTree(folder.resolve("sets.jsonl.manifest.json").toFile());
    assertThat(manifest.at("/settings/seed").asInt()).isEqualTo(1);
    assertThat(manifest.at("/world/tools").asInt()).isGreaterThan(50);
    assertThat(manifest.at("/statistics/tools of a set/most").asInt()).isBetween(2, 10);
    int tasks = 0;
    for (JsonNode count : manifest.at("/statistics/kinds")) {
      tasks += count.asInt();
    }
    assertThat(tasks).isEqualTo(9 * 4);
  }

  @Test
  void should_write_conversations_that_describe_tools_as_they_are_offered() throws Exception {
    Path sets = written("sets.jsonl");
    Path conversations = written("conversations.jsonl", "--format", "conversations");

    List<String> offered = new ArrayList<>();
    for (String line : Files.readAllLines(sets)) {
      JsonNode set = JSON.readTree(line);
      List<ToolSpecification> tools = new ArrayList<>();
      set.get("tools").forEach(tool -> tools.add(ToolSpecification.fromJson(tool.toString())));
      for (JsonNode task : set.get("trajectories")) {
        if (!task.has("earlier")) {
          offered.add(prompts(task.get("task").asText(), tools));
        }
      }
    }
    List<String> written = new ArrayList<>();
    for (String line : Files.readAllLines(conversations)) {
      Conversation conversation = Conversation.read(WorldRecords.object(line));
      written.add(
          prompts(conversation.instruction(), ToolRecord.specifications(conversation.tools())));
    }
    assertThat(written).hasSizeGreaterThan(25).isEqualTo(offered);
    Cli roles =
        Cli.data(
            "roles",
            "--in",
            conversations,
            "--out-dir",
            folder.resolve("roles"),
            "--format",
            "compact");
    assertThat(roles.exit()).as(roles.err()).isZero();
    assertThat(roles.out()).containsPattern(" 0  records skipped");
  }

  private static String prompts(String task, List<ToolSpecification> tools) {
    return PromptFormat.compact().prompt(Role.PLANNER, Trajectory.start(task), null, tools).text()
        + PromptFormat.alphaUmi().prompt(Role.PLANNER, Trajectory.start(task), null, tools).text();
  }

  @Test
  void should_write_cases_that_the_right_calls_and_answers_pass() throws IOException {
    Path sets = written("sets.jsonl", "--split", "held-out", "--sets", 30);
    Path cases = written("cases.json", "--split", "held-out", "--sets", 30, "--format", "cases");
    Map<String, JsonNode> trajectories = new HashMap<>();
    Map<String, JsonNode> setOf = new HashMap<>();
    for (String line : Files.readAllLines(sets)) {
      JsonNode set = JSON.readTree(line);
      for (JsonNode trajectory : set.get("trajectories")) {
        trajectories.put(trajectory.get("id").asText(), trajectory);
        setOf.put(trajectory.get("id").asText(), set);
      }
    }
    Map<String, JsonNode> expected = new HashMap<>();
    JSON.readTree(cases.toFile())
        .get("cases")
        .forEach(json -> expected.put(json.get("id").asText(), json));

    List<AgentCase> read = AgentCase.load(cases);

    assertThat(read).hasSizeGreaterThan(100);
    for (AgentCase task : read) {
      JsonNode trajectory = trajectories.get(task.id());
      JsonNode json = expected.get(task.id());
      AgentCase.Outcome outcome =
          task.run(
              AgentCase.Subject.of(tools -> gold(setOf.get(task.id()), trajectory, json, tools)));
      assertThat(outcome.success()).as(task + " " + outcome).isTrue();
      AgentCase.Outcome nothing =
          task.run(
              (request, tools) ->
                  new AgentCase.Subject.Attempt(AgentCase.Subject.Ending.ANSWERED, "", List.of()));
      assertThat(nothing.success() && trajectory.get("steps").size() > 0).as(task.id()).isFalse();
    }
  }

  /** An agent that does what the trajectory says, under the case's names of the tools. */
  private static Agent gold(JsonNode set, JsonNode trajectory, JsonNode json, Toolbox tools) {
    Map<String, String> names = new HashMap<>();
    for (int i = 0; i < set.get("tools").size(); i++) {
      names.put(set.at("/tools/" + i + "/name").asText(), json.get("tools").get(i).asText());
    }
    JsonNode steps = trajectory.get("steps");
    boolean givesUp = trajectory.get("decision").asText().equals("give up");
    return Agent.builder()
        .roles(
            new Roles(
                (done, offered, context) ->
                    done.steps().size() < steps.size()
                        ? new Decision.Call("")
                        : givesUp ? new Decision.GiveUp("") : new Decision.Conclude(""),
                (done, plan, offered, context) -> {
                  JsonNode call = steps.get(done.steps().size()).get("call");
                  return new ToolCall(
                      String.valueOf(names.get(call.get("name").asText())),
                      WorldRecords.object(call.get("arguments").toString()));
                },
                (done, plan, offered, context) -> {
                  for (int i = 0; i < steps.size(); i++) {
                    String observed = done.steps().get(i).outcomes().get(0).observation().text();
                    if (!observed.contains("is not reachable for a moment")) {
                      assertThat(WorldRecords.object(observed))
                          .isEqualTo(
                              WorldRecords.object(steps.get(i).get("observation").toString()));
                    }
                  }
                  return trajectory.get("answer").asText();
                }))
        .tools(tools)
        .build();
  }

  @Test
  void should_say_what_is_wrong_with_its_options() throws IOException {
    Path there = Files.createFile(folder.resolve("there.jsonl"));

    assertThat(Cli.data("world").err()).contains("no output: give --out FILE, or --check");
    assertThat(Cli.data("world", "--out", there).err()).contains("there.jsonl exists; delete it");
    assertThat(Cli.data("world", "--out", folder.resolve("x"), "--split", "test").err())
        .contains("--split test is none of [train, held-out]");
    assertThat(Cli.data("world", "--out", folder.resolve("x"), "--sets", 0).err())
        .contains("--sets 0 and --per-set 4 must be at least 1");
  }

  private Path written(String name, Object... more) {
    Path file = folder.resolve(name);
    List<Object> arguments = new ArrayList<>(List.of("world", "--out", file));
    if (!List.of(more).contains("--sets")) {
      arguments.addAll(List.of("--sets", 9));
    }
    arguments.addAll(List.of(more));
    Cli cli = Cli.data(arguments.toArray());
    assertThat(cli.exit()).as(cli.err()).isZero();
    return file;
  }
}
