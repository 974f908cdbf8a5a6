package io.github.alphaumi.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import io.github.alphaumi.core.Agent;
import io.github.alphaumi.core.Decision;
import io.github.alphaumi.core.Observation;
import io.github.alphaumi.core.Roles;
import io.github.alphaumi.core.RunContext;
import io.github.alphaumi.core.RunListener;
import io.github.alphaumi.core.RunReport;
import io.github.alphaumi.core.ToolCall;
import io.github.alphaumi.core.Toolbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a run of an agent to training data, by way of ToolBench's answer file. */
class RunDataTest {
  @TempDir Path folder;

  /** Asks for a town that is unknown, then for one that is known, and answers. */
  private static RunReport run() {
    Roles roles =
        new Roles(
            (trajectory, tools, context) ->
                trajectory.steps().size() < 2
                    ? new Decision.Call("I look at the weather.")
                    : new Decision.Conclude("It is known."),
            (trajectory, plan, tools, context) ->
                new ToolCall(
                    "weather", Map.of("city", trajectory.steps().isEmpty() ? "Osl\u00f8" : "Oslo")),
            (trajectory, plan, tools, context) -> "It is \"cold\".");
    Toolbox toolbox =
        new Toolbox() {
          @Override
          public List<ToolSpecification> specifications() {
            return List.of(
                ToolSpecification.builder()
                    .name("weather")
                    .description("Weather of a city")
                    .parameters(
                        JsonObjectSchema.builder()
                            .addStringProperty("city", "its name")
                            .required("city")
                            .build())
                    .build());
          }

          @Override
          public Observation execute(ToolCall call, RunContext context) {
            return "Oslo".equals(call.arguments().get("city"))
                ? Observation.ok("{\"degrees\": -3}")
                : Observation.error(Observation.Status.FAILED, "no such city");
          }
        };
    List<RunReport> reports = new ArrayList<>();
    Agent.builder()
        .roles(roles)
        .tools(toolbox)
        .listener(RunListener.reports(reports::add))
        .build()
        .run("Is it warm in Oslo?");
    return reports.get(0);
  }

  @Test
  void should_give_the_steps_of_a_run_to_the_pipeline_of_training_data() throws IOException {
    Path answers = Files.createDirectories(folder.resolve("G1_answer"));
    Files.writeString(answers.resolve("1_ours.json"), run().toAnswerFile());
    Path stage1 = folder.resolve("stage1.json");
    Path stage2 = folder.resolve("stage2.json");

    Cli first = Cli.data("stage1", "--answers", folder, "--out", stage1);
    Cli second = Cli.data("stage2", "--in", stage1, "--out", stage2);

    assertThat(first.exit()).as(first.err()).isZero();
    assertThat(second.exit()).as(second.err()).isZero();
    assertThat(first.out()).contains("1  kept");
    JsonNode record = new ObjectMapper().readTree(stage2.toFile()).get(0);
    assertThat(record.path("instruction").asText()).isEqualTo("Is it warm in Oslo?");
    assertThat(record.at("/tools/0/Name").asText()).isEqualTo("weather");
    assertThat(record.at("/tools/0/input/city").asText()).isEqualTo("string, its name");
    assertThat(record.at("/tools/0/required/0").asText()).isEqualTo("city");
    List<String> turns = new ArrayList<>();
    record
        .path("conversations")
        .forEach(
            turn -> turns.add(turn.path("from").asText() + ": " + turn.path("value").asText()));
    assertThat(turns)
        .containsExactly(
            "user: Is it warm in Oslo?",
            "assistant: I look at the weather. Next: caller.",
            "caller: Action: weather\nAction Input: {\"city\": \"Osl\u00f8\"}",
            "observation: {\"error\": \"no such city\"}",
            "assistant: I look at the weather. Next: caller.",
            "caller: Action: weather\nAction Input: {\"city\": \"Oslo\"}",
            "observation: {\"degrees\": -3}",
            "assistant: It is known. Next: conclusion.",
            "conclusion: It is \"cold\".");
  }
}
