package io.github.alphaumi.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.json.JsonArraySchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonStringSchema;
import io.github.alphaumi.core.Agent;
import io.github.alphaumi.core.AgentResult;
import io.github.alphaumi.core.Caller;
import io.github.alphaumi.core.Cancellation;
import io.github.alphaumi.core.Decision;
import io.github.alphaumi.core.Effect;
import io.github.alphaumi.core.Journal;
import io.github.alphaumi.core.Observation;
import io.github.alphaumi.core.PromptFormat;
import io.github.alphaumi.core.Role;
import io.github.alphaumi.core.Roles;
import io.github.alphaumi.core.RunContext;
import io.github.alphaumi.core.RunReport;
import io.github.alphaumi.core.Search;
import io.github.alphaumi.core.Step;
import io.github.alphaumi.core.ToolCall;
import io.github.alphaumi.core.Toolbox;
import io.github.alphaumi.core.Trajectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From an agent's journal to training data. */
class JournalDataTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final List<ToolSpecification> TOOLS =
      List.of(
          ToolSpecification.builder()
              .name("weather")
              .description("Weather of a city")
              .parameters(
                  JsonObjectSchema.builder()
                      .addStringProperty("city", "its name")
                      .addEnumProperty("unit", List.of("C", "F"))
                      .addProperty(
                          "days", JsonArraySchema.builder().items(new JsonStringSchema()).build())
                      .required("city")
                      .build())
              .build(),
          ToolSpecification.builder().name("now").description("The time.").build());

  @TempDir Path folder;
  private Path runs;
  private Path out;
  private Journal journal;

  @BeforeEach
  void openJournal() {
    runs = folder.resolve("runs");
    out = folder.resolve("out.json");
    journal = Journal.files(runs, Journal.Sync.NEVER);
  }

  /** Tries a city that nobody knows, gives up there, and tries another one. */
  private static Roles roles() {
    return new Roles(
        (trajectory, tools, context) -> {
          boolean tried = !trajectory.tried(0).isEmpty();
          if (trajectory.steps().isEmpty()) {
            return new Decision.Call(tried ? "Another name." : "I look at the weather.");
          }
          boolean known =
              trajectory
                  .last()
                  .orElseThrow()
                  .outcomes()
                  .get(0)
                  .observation()
                  .text()
                  .contains("degrees");
          return known
              ? new Decision.Conclude("It is known.")
              : new Decision.GiveUp("There is no such city.");
        },
        (trajectory, plan, tools, context) ->
            new ToolCall(
                "weather",
                Map.of("city", plan.rationale().startsWith("Another") ? "Oslo" : "Osl\u00f8")),
        (trajectory, plan, tools, context) -> "It is \"cold\".");
  }

  private static Toolbox toolbox(String result) {
    return new Toolbox() {
      @Override
      public List<ToolSpecification> specifications() {
        return TOOLS;
      }

      @Override
      public Effect effect(String tool) {
        return Effect.READ_ONLY;
      }

      @Override
      public Observation execute(ToolCall call, RunContext context) {
        return "Oslo".equals(call.arguments().get("city"))
            ? Observation.ok(result)
            : Observation.error(Observation.Status.FAILED, "no such city");
      }
    };
  }

  private Agent agent(String runId, Roles roles, Search search, String result) {
    return Agent.builder()
        .roles(roles)
        .tools(toolbox(result))
        .search(search)
        .journal(journal)
        .runIds(() -> runId)
        .build();
  }

  private Agent agent(String runId, Search search) {
    return agent(runId, roles(), search, "{\"degrees\": -3}");
  }

  private JsonNode converted(Object... more) throws IOException {
    List<Object> arguments = new ArrayList<>(List.of("journal", "--in", runs, "--out", out));
    arguments.addAll(List.of(more));
    Cli cli = Cli.data(arguments.toArray());
    assertThat(cli.exit()).as(cli.err()).isZero();
    return JSON.readTree(out.toFile());
  }

  private static List<String> turns(JsonNode record) {
    List<String> turns = new ArrayList<>();
    record
        .path("conversations")
        .forEach(
            turn -> turns.add(turn.path("from").asText() + ": " + turn.path("value").asText()));
    return turns;
  }

  /** The turns that a result's path makes. */
  private static List<String> turns(AgentResult result) {
    List<String> turns = new ArrayList<>();
    turns.add("user: " + result.trajectory().task());
    for (Step step : result.trajectory().steps()) {
      turns.add("assistant: " + step.plan().rationale() + " Next: caller.");
      turns.add("caller: " + PromptFormat.write(step.outcomes().get(0).call().orElseThrow()));
      turns.add("observation: " + step.outcomes().get(0).observation().text());
    }
    turns.add("assistant: It is known. Next: conclusion.");
    turns.add("conclusion: " + result.answer().orElseThrow());
    return turns;
  }

  @Test
  void should_make_steps_of_the_several_calls_of_one() throws IOException {
    Roles several =
        roles()
            .withPlanner(
                (trajectory, tools, context) ->
                    trajectory.steps().isEmpty()
                        ? new Decision.Call("Both.")
                        : new Decision.Conclude("It is known."))
            .withCaller(
                (trajectory, plan, tools, context) ->
                    new Caller.Several(
                        List.of(
                            new ToolCall("weather", Map.of("city", "Oslo")),
                            new ToolCall("weather", Map.of("city", "Bergen")))));
    agent("r", several, Search.chain(), "{\"degrees\": -3}").run("Is it warm?");

    assertThat(turns(converted().get(0)))
        .containsExactly(
            "user: Is it warm?",
            "assistant: Both. Next: caller.",
            "caller: Action: weather\nAction Input: {\"city\": \"Oslo\"}",
            "observation: {\"degrees\": -3}",
            "assistant: Next: caller.",
            "caller: Action: weather\nAction Input: {\"city\": \"Bergen\"}",
            "observation: {\"error\": \"no such city\"}",
            "assistant: It is known. Next: conclusion.",
            "conclusion: It is \"cold\".");
  }

  @Test
  void should_take_the_path_that_led_to_the_answer() throws IOException {
    AgentResult result = agent("Run/1+a", Search.depthFirst()).run("Is it warm in Oslo?");

    JsonNode records = converted();

    assertThat(result.tree().nodes()).hasSizeGreaterThan(result.trajectory().steps().size() + 2);
    assertThat(records).hasSize(1);
    assertThat(turns(records.get(0))).isEqualTo(turns(result)).hasSize(6);
    assertThat(records.at("/0/tools/0/Name").asText()).isEqualTo("weather");
    assertThat(records.at("/0/tools/0/input/city").asText()).isEqualTo("string, its name");
    assertThat(records.at("/0/tools/0/required/0").asText()).isEqualTo("city");
    JsonNode manifest = JSON.readTree(folder.resolve("out.json" + Manifest.ENDING).toFile());
    assertThat(manifest.at("/counts/conversations").asInt()).isEqualTo(1);
  }

  @Test
  void should_make_the_same_of_a_report() throws IOException {
    agent("run", Search.depthFirst()).run("Is it warm in Oslo?");
    JsonNode ofJournal = converted();
    Path report = folder.resolve("report.json");
    Files.writeString(report, RunReport.of(journal, "run").toJson());
    Path again = folder.resolve("again.json");

    Cli cli = Cli.data("journal", "--in", report, "--out", again);

    assertThat(cli.exit()).as(cli.err()).isZero();
    assertThat(JSON.readTree(again.toFile())).isEqualTo(ofJournal);
  }

  @Test
  void should_teach_roles_to_write_what_the_run_wrote_to_prompts_that_the_run_had()
      throws IOException {
    AgentResult result = agent("run", Search.depthFirst()).run("Is it warm in Oslo?");
    converted();
    Path roles = folder.resolve("roles");

    Cli cli = Cli.data("roles", "--in", out, "--out-dir", roles, "--format", "compact");

    assertThat(cli.exit()).as(cli.err()).isZero();
    PromptFormat format = PromptFormat.compact();
    Trajectory start = Trajectory.start("Is it warm in Oslo?");
    Decision.Call plan = result.trajectory().steps().get(0).plan();
    JsonNode planner = JSON.readTree(roles.resolve("train_planner.json").toFile());
    assertThat(planner).hasSize(2);
    assertThat(planner.at("/0/input").asText())
        .isEqualTo(format.prompt(Role.PLANNER, start, null, TOOLS).text())
        .contains("\"unit\": C|F?", "\"days\": list of string?");
    assertThat(planner.at("/1/input").asText())
        .isEqualTo(format.prompt(Role.PLANNER, result.trajectory(), null, TOOLS).text());
    JsonNode caller = JSON.readTree(roles.resolve("train_caller.json").toFile());
    assertThat(caller.at("/0/input").asText())
        .isEqualTo(format.prompt(Role.CALLER, start, plan, TOOLS).text());
    assertThat(caller.at("/0/target").asText())
        .isEqualTo("Action: weather\nAction Input: {\"city\": \"Oslo\"}");
    assertThat(JSON.readTree(roles.resolve("train_summarizer.json").toFile()).at("/0/target"))
        .hasToString("\"It is \\\"cold\\\".\"");
  }

  @Test
  void should_keep_a_call_that_was_none_in_the_history_and_not_teach_it() throws IOException {
    Roles stammering =
        new Roles(
            (trajectory, tools, context) ->
                trajectory.steps().size() < 2
                    ? new Decision.Call("Another name.")
                    : new Decision.Conclude("It is known."),
            (trajectory, plan, tools, context) ->
                trajectory.steps().isEmpty()
                    ? PromptFormat.readCall("hm")
                    : new ToolCall("weather", Map.of("city", "Oslo")),
            (trajectory, plan, tools, context) -> "Cold.");
    AgentResult result =
        agent("run", stammering, Search.chain(), "{\"degrees\": -3}").run("Is it warm in Oslo?");
    assertThat(converted().at("/0/conversations")).hasSize(8);
    Path roles = folder.resolve("roles");

    Cli cli = Cli.data("roles", "--in", out, "--out-dir", roles, "--format", "compact");

    assertThat(cli.out()).contains("1  not learnt: calls of no tool on offer");
    JsonNode planner = JSON.readTree(roles.resolve("train_planner.json").toFile());
    assertThat(planner).hasSize(2);
    assertThat(planner.at("/1/input").asText())
        .isEqualTo(
            PromptFormat.compact().prompt(Role.PLANNER, result.trajectory(), null, TOOLS).text());
  }

  @Test
  void should_give_other_trainers_the_schemas_that_models_were_offered() throws IOException {
    agent("run", Search.depthFirst()).run("Is it warm in Oslo?");
    converted();
    Path chat = folder.resolve("chat.jsonl");

    Cli cli = Cli.data("chat", "--in", out, "--out", chat);

    assertThat(cli.exit()).as(cli.err()).isZero();
    JsonNode line = JSON.readTree(Files.readString(chat));
    assertThat(line.at("/messages")).hasSize(4);
    assertThat(line.at("/tools/0/function/parameters/properties/unit/enum/1").asText())
        .isEqualTo("F");
    assertThat(line.at("/messages/1/tool_calls/0/function/name").asText()).isEqualTo("weather");
  }

  @Test
  void should_say_why_a_run_is_left_out() throws IOException {
    agent("fine", Search.depthFirst()).run("Is it warm in Oslo?");
    agent("lost", Search.chain()).run("Is it warm in Oslo?");
    Cancellation cancelled = Cancellation.create();
    Roles leaving =
        new Roles(
            (trajectory, tools, context) -> {
              cancelled.cancel();
              return new Decision.Call("I look at the weather.");
            },
            roles().caller(),
            roles().summarizer());
    agent("cut", leaving, Search.chain(), "").run("Is it warm in Oslo?", cancelled);
    agent("secret", roles(), Search.depthFirst(), "{\"degrees\": -3, \"by\": \"[redacted]\"}")
        .run("Is it warm in Oslo?");
    Agent first = agent("first", Search.depthFirst());
    agent("second", Search.depthFirst())
        .after(first.run("Is it warm in Oslo?").conversation())
        .run("And tomorrow?");
    Files.writeString(runs.resolve("damaged.journal"), "0000 {\n");
    Files.copy(runs.resolve("fine.journal"), runs.resolve("renamed.journal"));
    Files.writeString(runs.resolve("other.json"), "[{\"a\": 1}]");

    Cli cli = Cli.data("journal", "--in", runs, "--out", out);

    assertThat(cli.exit()).as(cli.err()).isZero();
    assertThat(cli.out())
        .contains(
            "6  runs",
            "2  conversations",
            "1  left out: ended with GAVE_UP",
            "1  left out: unfinished",
            "1  left out: parts of a result were redacted",
            "1  left out: follows an earlier task",
            "3  records skipped");
    assertThat(cli.err())
        .contains(
            "damaged.journal, record 0: ",
            "renamed.journal: has run fine, not renamed",
            "other.json, record 0: this is no report of a run");
    assertThat(JSON.readTree(out.toFile())).hasSize(2);
  }

  @Test
  void should_leave_out_paths_that_are_long_or_have_mistakes_where_it_is_asked_to()
      throws IOException {
    Roles second =
        new Roles(
            (trajectory, tools, context) ->
                trajectory.steps().size() < 2
                    ? new Decision.Call(trajectory.steps().isEmpty() ? "Look." : "Another name.")
                    : new Decision.Conclude("It is known."),
            roles().caller(),
            roles().summarizer());
    agent("short", Search.depthFirst()).run("Is it warm in Oslo?");
    agent("long", second, Search.chain(), "{\"degrees\": -3}").run("Is it warm in Oslo?");

    Cli all = Cli.data("journal", "--in", runs, "--out", folder.resolve("all.json"));
    Cli brief =
        Cli.data(
            "journal", "--in", runs, "--out", folder.resolve("brief.json"), "--max-steps", "1");
    Cli flawless =
        Cli.data("journal", "--in", runs, "--out", folder.resolve("best.json"), "--flawless");

    assertThat(all.out()).contains("2  conversations");
    assertThat(brief.out()).contains("1  conversations", "1  left out: more than 1 steps");
    assertThat(flawless.out()).contains("1  conversations", "1  left out: a mistake on its path");
  }
}
