package io.github.alphaumi.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.agent.tool.ToolSpecification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Prompts against those that the embedded model was checked with. Those were written by another
 * program; here each one is taken apart into its turns, which are read as the loop reads them, and
 * put together again from the values.
 */
class EmbeddedModelPromptTest {
  private static final Path EXPECTED =
      Path.of(System.getProperty("alpha.umi.shared", "shared"))
          .resolve("models/interim-adapter/expected.json");

  /** What one of the turns held: who spoke, and the text. */
  private record Turn(String role, String text) {}

  @Test
  void should_build_the_prompts_that_the_embedded_model_was_checked_with() throws IOException {
    assumeTrue(
        Files.exists(EXPECTED),
        "no " + EXPECTED + ": set the system property alpha.umi.shared to the folder with models/");
    List<Map<String, Object>> cases =
        new ObjectMapper().readValue(EXPECTED.toFile(), new TypeReference<>() {});

    assertThat(cases).isNotEmpty();
    for (Map<String, Object> expected : cases) {
      String prompt = (String) expected.get("prompt");
      assertThat(rebuilt((String) expected.get("role"), prompt)).isEqualTo(prompt);
      assertThat(exact((String) expected.get("role"), (String) expected.get("text"))).isTrue();
    }
  }

  private static String rebuilt(String role, String prompt) {
    List<Turn> turns = turns(prompt);
    Trajectory trajectory = Trajectory.start(turns.get(1).text());
    Decision plan = null;
    for (int i = 2; i < turns.size(); i++) {
      plan = DecisionText.read(turns.get(i).text()).orElseThrow().decision();
      if (i + 2 < turns.size()) {
        ToolCall call = (ToolCall) CallText.read(turns.get(i + 1).text()).turn();
        Observation observation = Observation.ok(turns.get(i + 2).text());
        trajectory = trajectory.with(Step.of((Decision.Call) plan, call, observation));
        plan = null;
        i += 2;
      }
    }
    return PromptFormat.compact().prompt(role(role), trajectory, plan, tools(prompt)).text();
  }

  private static List<Turn> turns(String prompt) {
    return List.of(prompt.split("<\\|im_start\\|>")).stream()
        .filter(turn -> turn.endsWith("<|im_end|>\n"))
        .map(turn -> turn.substring(0, turn.length() - "<|im_end|>\n".length()).split("\n", 2))
        .map(parts -> new Turn(parts[0], parts[1]))
        .toList();
  }

  private static List<ToolSpecification> tools(String prompt) {
    return prompt.contains("orderStatus {") ? Tools.SHOP : Tools.BRANCHES;
  }

  private static Role role(String name) {
    return switch (name) {
      case "planner" -> Role.PLANNER;
      case "caller" -> Role.CALLER;
      default -> Role.SUMMARIZER;
    };
  }

  /** What the model wrote must be read without mending. */
  private static boolean exact(String role, String text) {
    return switch (role(role)) {
      case PLANNER -> DecisionText.read(text).orElseThrow().exact();
      case CALLER -> CallText.read(text).exact();
      case SUMMARIZER -> true;
    };
  }
}
