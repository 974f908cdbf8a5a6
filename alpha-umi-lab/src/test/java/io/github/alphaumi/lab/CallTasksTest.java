package io.github.alphaumi.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.json.JsonArraySchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonStringSchema;
import io.github.alphaumi.core.Decision;
import io.github.alphaumi.core.Roles;
import io.github.alphaumi.core.ToolCall;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CallTasksTest {
  private static final Console QUIET =
      new Console(new PrintWriter(new StringWriter()), new PrintWriter(new StringWriter()), false);

  @TempDir Path folder;

  @Test
  void should_offer_the_right_tool_among_others_for_each_query_of_ste() throws IOException {
    List<CallTask> tasks = ste(10, 3);

    assertThat(tasks).hasSize(750);
    Set<Integer> places = new HashSet<>();
    for (CallTask task : tasks) {
      List<String> names = task.tools().stream().map(ToolSpecification::name).toList();
      assertThat(names).hasSize(10).doesNotHaveDuplicates().contains(task.name());
      assertThat(task.arguments()).isNotNull();
      places.add(names.indexOf(task.name()));
    }
    assertThat(places).hasSize(10);
    assertThat(ste(10, 3)).isEqualTo(tasks);
    assertThat(ste(10, 4)).isNotEqualTo(tasks);
  }

  @Test
  void should_read_arguments_out_of_prose() throws IOException {
    CallTask task = ste(1, 1).get(0);

    assertThat(task.name()).isEqualTo("add_date");
    ToolSpecification tool = task.tools().get(0);
    assertThat(tool.description())
        .isEqualTo("Add days to a date. Date should be pass as 'yyyy-mm-dd'");
    assertThat(tool.parameters().properties()).containsOnlyKeys("date", "days");
  }

  @Test
  void should_say_what_an_api_of_ste_belongs_to() throws IOException {
    ToolSpecification tool =
        ste(1, 1).stream()
            .filter(task -> task.name().equals("disciplina_1_for_colegiosantaana"))
            .findFirst()
            .orElseThrow()
            .tools()
            .get(0);

    assertThat(tool.description()).isEqualTo("Colegio Santa Ana. Disciplina alumno 1.");
  }

  @Test
  void should_read_lists_and_objects_among_arguments_of_toolalpaca() throws IOException {
    ToolSpecification report = toolAlpacaTool("reportAbusiveIP");
    ToolSpecification role = toolAlpacaTool("createRole");

    assertThat(report.parameters().properties().get("categories"))
        .isEqualTo(
            JsonArraySchema.builder()
                .description("The abuse categories associated with the IP/domain.")
                .items(JsonStringSchema.builder().description("").build())
                .build());
    assertThat(((JsonArraySchema) role.parameters().properties().get("permissions")).items())
        .isInstanceOf(JsonObjectSchema.class);
  }

  private static ToolSpecification toolAlpacaTool(String name) throws IOException {
    return toolAlpaca("eval_simulated.json").stream()
        .flatMap(task -> task.tools().stream())
        .filter(tool -> tool.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void should_take_the_first_golden_call_of_toolalpaca() throws IOException {
    List<CallTask> simulated = toolAlpaca("eval_simulated.json");
    List<CallTask> real = toolAlpaca("eval_real.json");

    // Of 100 and 114: eight begin with a question back, six name a function nobody described.
    assertThat(simulated).hasSize(92);
    assertThat(real).hasSize(108);
    assertThat(simulated.get(0).name()).isEqualTo("getRandomAxolotlImage");
    assertThat(simulated.get(0).arguments()).isEmpty();
  }

  @Test
  void should_give_gold_calls_everything_and_ask_only_for_what_is_missing() throws Exception {
    List<CallTask> tasks = toolAlpaca("eval_real.json");
    Path file = folder.resolve("answers.jsonl");
    List<String> asked = new ArrayList<>();
    Roles gold =
        new Roles(
            (trajectory, tools, run) -> {
              asked.add(run.runId());
              return new Decision.Call("");
            },
            (trajectory, plan, tools, run) -> {
              CallTask task =
                  tasks.stream().filter(t -> t.key().equals(run.runId())).findFirst().orElseThrow();
              return new ToolCall(
                  task.name(), task.arguments() == null ? Map.of() : task.arguments());
            },
            (trajectory, plan, tools, run) -> "");
    try (Answers answers = new Answers(file, "gold");
        Progress progress = new Progress(QUIET, "ask", 1, "", 1)) {
      new CallInference(gold, answers).ask(tasks.subList(0, 50), progress, 1);
    }
    // A process that was killed while it wrote a line.
    Files.writeString(file, Files.readString(file) + "{\"key\": \"x");

    CallMetrics metrics = new CallMetrics();
    try (Answers answers = new Answers(file, "gold");
        Progress progress = new Progress(QUIET, "ask", 1, "", 1)) {
      new CallInference(gold, answers).ask(tasks, progress, 1);
      tasks.forEach(task -> metrics.add(task, answers.get(task.key()).orElseThrow()));
    }

    assertThat(asked).hasSize(108);
    Map<String, Object> result = metrics.result();
    assertThat(result).containsEntry("named", 108);
    assertThat(result.get("exact")).isEqualTo(result.get("tasksWithReadableTruth"));
  }

  private static List<CallTask> ste(int offered, long seed) throws IOException {
    List<CallTask> tasks = new ArrayList<>();
    long skipped =
        Records.read(
            Shared.path("data/ste/tool_test.json"),
            QUIET,
            (index, record) -> tasks.addAll(SteCalls.read(record, offered, seed)));
    assertThat(skipped).isZero();
    return tasks;
  }

  private static List<CallTask> toolAlpaca(String file) throws IOException {
    List<CallTask> tasks = new ArrayList<>();
    long skipped =
        Records.read(
            Shared.path("data/toolalpaca/" + file),
            QUIET,
            (index, record) -> tasks.addAll(ToolAlpacaCalls.of(record)));
    assertThat(skipped).isZero();
    return tasks;
  }
}
