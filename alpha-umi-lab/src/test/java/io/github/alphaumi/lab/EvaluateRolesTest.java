package io.github.alphaumi.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.agent.tool.ToolSpecification;
import io.github.alphaumi.core.Caller;
import io.github.alphaumi.core.Decision;
import io.github.alphaumi.core.Roles;
import io.github.alphaumi.core.ToolCall;
import io.github.alphaumi.core.Trajectory;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each role by itself, on conversations of the world's held-out domains. */
class EvaluateRolesTest {
  private static final Console QUIET =
      new Console(new PrintWriter(new StringWriter()), new PrintWriter(new StringWriter()), false);

  @TempDir private Path folder;

  @Test
  void should_count_every_turn_of_roles_that_write_what_was_recorded() throws Exception {
    List<StaticInference.Asked> steps = steps();
    Map<String, Object> result = result(steps, gold(steps));

    long calls = steps.stream().filter(s -> s.step().decision() instanceof Decision.Call).count();
    assertThat(calls).isGreaterThan(10);
    assertThat(result).containsEntry("steps", steps.size());
    assertThat(count(result, "decisionOfThree")).isEqualTo(steps.size());
    assertThat(count(result, "decisionStrict")).isEqualTo(steps.size());
    assertThat(count(result, "toolOfPlanner")).isEqualTo((int) calls);
    assertThat(count(result, "callName")).isEqualTo((int) calls);
    assertThat(count(result, "callExact")).isEqualTo((int) calls);
    assertThat(count(result, "callInvented")).isZero();
    assertThat(count(result, "callUnreadable")).isZero();
  }

  @Test
  void should_tell_openings_tools_names_and_arguments_apart() throws Exception {
    List<StaticInference.Asked> steps = steps();
    Roles gold = gold(steps);
    Roles wrong =
        new Roles(
            (before, tools, run) ->
                gold.planner().plan(before, tools, run) instanceof Decision.Call
                    ? new Decision.Call("Somehow. Call nothing of all this.")
                    : new Decision.GiveUp("None of the tools can do this."),
            (before, plan, tools, run) -> {
              ToolCall call = (ToolCall) gold.caller().call(before, plan, tools, run);
              Map<String, Object> more = new HashMap<>(call.arguments());
              more.put("unheardOf", 1);
              return new ToolCall(call.name(), more);
            },
            gold.summarizer());

    Map<String, Object> result = result(steps, wrong);

    long calls = steps.stream().filter(s -> s.step().decision() instanceof Decision.Call).count();
    long givesUp =
        steps.stream().filter(s -> s.step().decision() instanceof Decision.GiveUp).count();
    assertThat(count(result, "decisionOfThree")).isEqualTo((int) (calls + givesUp));
    assertThat(count(result, "decisionStrict")).isLessThanOrEqualTo((int) givesUp);
    assertThat(count(result, "toolOfPlanner")).isZero();
    assertThat(count(result, "callName")).isEqualTo((int) calls);
    assertThat(count(result, "callExact")).isZero();

    Roles inventing =
        gold.withCaller((before, plan, tools, run) -> new ToolCall("noSuchTool", Map.of()));
    assertThat(count(result(steps, inventing), "callInvented")).isEqualTo((int) calls);
    Roles mumbling =
        gold.withCaller((before, plan, tools, run) -> new Caller.Unreadable("mm", "no call"));
    assertThat(count(result(steps, mumbling), "callUnreadable")).isEqualTo((int) calls);
  }

  @Test
  void should_print_counts_with_intervals_and_go_on_with_a_larger_sample() throws Exception {
    Path data = data();
    Path out = folder.resolve("roles.json");
    try (ChatServer server =
        new ChatServer(request -> "None of the tools can do this. Next: give up.")) {
      Cli cli =
          Cli.run(
              new EvaluateCommand(),
              "roles",
              "--data",
              data,
              "--model",
              server.model(),
              "--out",
              out,
              "--sample",
              3);

      assertThat(cli.exit()).as(cli.err()).isZero();
      assertThat(cli.out())
          .containsPattern("steps +3")
          .containsPattern("decisionOfThree +\\d of 3, \\d\\.\\d+ \\(");
      JsonNode figures = new ObjectMapper().readTree(out.toFile());
      assertThat(figures.at("/decisionStrict/of").asInt()).isEqualTo(3);
      int asked = server.requests.size();
      Files.delete(out);
      server.requests.clear();

      Cli more =
          Cli.run(
              new EvaluateCommand(),
              "roles",
              "--data",
              data,
              "--model",
              server.model(),
              "--out",
              out,
              "--sample",
              4);

      assertThat(more.exit()).as(more.err()).isZero();
      assertThat(asked).isGreaterThanOrEqualTo(3);
      assertThat(server.requests).hasSizeBetween(1, 3);
      assertThat(
              Cli.run(new EvaluateCommand(), "roles", "--data", data, "--model", "x", "--out", out)
                  .err())
          .contains("exists; delete it");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "First of two. Call findBoat for \"Ann\".        | First of two.            | findBoat",
        "The number is 7. Call find.boat.                | The number is 7.         | find.boat",
        "Call findBoat for \"find.boat\".               | ''                       | findBoat",
        "The result is in.                               | The result is in.        | ''",
        "Ask findBoats.                                  | Ask findBoats.           | ''",
      })
  void should_take_plans_apart(String rationale, String opening, String tool) {
    assertThat(PlanText.of(new Decision.Call(rationale), List.of("findBoat", "find.boat")))
        .isEqualTo(new PlanText(opening, tool));
  }

  private Path data() {
    Path file = folder.resolve("held-out.json");
    if (!Files.exists(file)) {
      Cli cli =
          Cli.data(
              "world",
              "--split",
              "held-out",
              "--sets",
              9,
              "--format",
              "conversations",
              "--out",
              file);
      assertThat(cli.exit()).as(cli.err()).isZero();
    }
    return file;
  }

  private List<StaticInference.Asked> steps() throws Exception {
    List<StaticInference.Asked> steps = new ArrayList<>();
    Records.read(
        data(),
        QUIET,
        (index, record) ->
            steps.addAll(StaticInference.Asked.of(steps.size(), Conversation.read(record))));
    return steps;
  }

  /**
   * Roles that remember what was recorded. A step is known by task, steps and tools: some tasks
   * come again without the tool that they need.
   */
  private static Roles gold(List<StaticInference.Asked> steps) throws BadRecordException {
    Map<String, LabelledStep> known = new HashMap<>();
    for (StaticInference.Asked step : steps) {
      known.put(key(step.step().before(), step.tools()), step.step());
    }
    return new Roles(
        (before, tools, run) -> known.get(key(before, tools)).decision(),
        (before, plan, tools, run) -> known.get(key(before, tools)).call(),
        (before, plan, tools, run) -> "");
  }

  private static String key(Trajectory before, List<ToolSpecification> tools) {
    return before.task() + before.steps() + tools;
  }

  private Map<String, Object> result(List<StaticInference.Asked> steps, Roles roles)
      throws Exception {
    RoleMetrics metrics = new RoleMetrics();
    try (Answers answers = Answers.inMemory();
        Progress progress = new Progress(QUIET, "ask", steps.size() * 2L, "", 1)) {
      new RoleInference(roles, answers, progress, 1).ask(steps);
      for (StaticInference.Asked step : steps) {
        metrics.add(
            step,
            answers.get(RoleInference.planKey(step)).orElseThrow(),
            answers.get(RoleInference.callKey(step)).orElse(Map.of()));
      }
    }
    return metrics.result();
  }

  private static int count(Map<String, Object> result, String figure) {
    return (int) ((Map<?, ?>) result.get(figure)).get("count");
  }
}
