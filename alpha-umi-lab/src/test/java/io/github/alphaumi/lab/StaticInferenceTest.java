package io.github.alphaumi.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.core.Decision;
import io.github.alphaumi.core.Roles;
import io.github.alphaumi.core.RunStoppedException;
import io.github.alphaumi.core.StopReason;
import io.github.alphaumi.core.ToolCall;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StaticInferenceTest {
  private static final Console QUIET =
      new Console(new PrintWriter(new StringWriter()), new PrintWriter(new StringWriter()), false);

  private final List<String> asked = new ArrayList<>();
  @TempDir Path folder;

  @Test
  void should_ask_role_by_role_and_keep_the_order_of_the_steps() throws Exception {
    List<Map<String, Object>> predictions = predict(roles(0));

    assertThat(asked).containsExactly("plan 0", "plan 1", "call 0", "summarize 1");
    assertThat(predictions)
        .extracting(prediction -> prediction.get("predictions"))
        .containsExactly(
            "asssitant: Look. Next: caller.</s>caller: Action: weather\nAction Input: {\"city\":"
                + " \"Oslo\"}",
            "asssitant: Done. Next: conclusion.</s>conclusion: It is cold.");
    assertThat(predictions.get(1).get("reference"))
        .isEqualTo("assistant: Known. Next: conclusion.</s>conclusion: Cold.</s>");
    assertThat((String) predictions.get(1).get("dispath")).endsWith("observation: cold");
  }

  @Test
  void should_ask_only_for_what_is_missing_after_a_kill() throws Exception {
    assertThatThrownBy(() -> predict(roles(3))).isInstanceOf(IllegalStateException.class);
    asked.clear();

    assertThat(predict(roles(0))).hasSize(2);
    assertThat(asked).containsExactly("call 0", "summarize 1");
  }

  @Test
  void should_count_a_step_that_does_not_fit_as_one_without_a_call() throws Exception {
    Roles full =
        roles(0)
            .withPlanner(
                (trajectory, tools, run) -> {
                  throw new RunStoppedException(StopReason.CONTEXT_FULL, "too long");
                })
            .withCaller(
                (trajectory, plan, tools, run) -> {
                  throw new RunStoppedException(StopReason.CONTEXT_FULL, "too long");
                });

    List<Map<String, Object>> predictions = predict(full);

    assertThat(predictions.get(0))
        .containsEntry("predictions", "asssitant: none Next: caller.</s>caller: ")
        .containsEntry("stopped", "too long");
  }

  @Test
  void should_refuse_answers_of_other_work() throws IOException {
    Path file = folder.resolve("answers.jsonl");
    new Answers(file, "one model").close();

    assertThatThrownBy(() -> new Answers(file, "another"))
        .isInstanceOf(AlphaUmiException.class)
        .hasMessageContaining("delete it to start again");
  }

  private List<Map<String, Object>> predict(Roles roles) throws Exception {
    Conversation conversation =
        new Conversation(
            List.of(
                Map.of(
                    "Name", "weather",
                    "function", "The weather",
                    "input", Map.of("city", "string, the city"))),
            "Is it warm in Oslo?",
            List.of(
                new Turn(Turn.USER, "Is it warm in Oslo?"),
                new Turn(Turn.PLANNER, "See. Next: caller."),
                new Turn(Turn.CALLER, "Action: weather\nAction Input: {\"city\": \"Oslo\"}"),
                new Turn(Turn.OBSERVATION, "cold"),
                new Turn(Turn.PLANNER, "Known. Next: conclusion."),
                new Turn(Turn.SUMMARIZER, "Cold.")));
    try (Answers answers = new Answers(folder.resolve("answers.jsonl"), "test");
        Progress progress = new Progress(QUIET, "ask", 4, "", 1)) {
      return new StaticInference(roles, answers, progress, 1)
          .predict(StaticInference.Asked.of(0, conversation));
    }
  }

  /**
   * @param deadly number of the question at which the process dies
   */
  private Roles roles(int deadly) {
    return new Roles(
        (trajectory, tools, run) -> {
          ask("plan " + trajectory.steps().size(), deadly);
          return trajectory.steps().isEmpty()
              ? new Decision.Call("Look.")
              : new Decision.Conclude("Done.");
        },
        (trajectory, plan, tools, run) -> {
          ask("call " + trajectory.steps().size(), deadly);
          return new ToolCall("weather", Map.of("city", "Oslo"));
        },
        (trajectory, plan, tools, run) -> {
          ask("summarize " + trajectory.steps().size(), deadly);
          return "It is cold.";
        });
  }

  private void ask(String what, int deadly) {
    asked.add(what);
    if (asked.size() == deadly) {
      throw new IllegalStateException("killed");
    }
  }
}
