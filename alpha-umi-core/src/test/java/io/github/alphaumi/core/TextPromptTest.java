package io.github.alphaumi.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolSpecification;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Prompts and JSON texts as data sets need them. */
class TextPromptTest {
  private static final PromptFormat FORMAT = PromptFormat.alphaUmi();

  @Test
  void should_fill_a_template_with_texts_as_they_are() {
    List<PromptFormat.Turn> history =
        List.of(
            new PromptFormat.Turn("user", "{doc} stays"),
            new PromptFormat.Turn("planner", "T\n Next: caller."));

    String prompt = FORMAT.prompt("caller", "DOC\n", history, "THOUGHT", List.of("a", "b")).text();

    assertThat(prompt)
        .contains("available:\nDOC\n")
        .contains("user: {doc} stays</s>assistant: T\n Next: caller.</s>")
        .contains("\nTHOUGHT\n")
        .contains("one of a, b\n")
        .endsWith(" caller: ");
    assertThat(prompt).contains(FORMAT.history(history));
  }

  @Test
  void should_say_which_turn_a_format_does_not_know() {
    List<PromptFormat.Turn> history = List.of(new PromptFormat.Turn("nobody", ""));

    assertThatThrownBy(() -> FORMAT.history(history))
        .isInstanceOf(AlphaUmiException.class)
        .hasMessageContaining("turns.nobody is missing");
  }

  @Test
  void should_join_plan_and_call_in_the_backbone_history() {
    Trajectory trajectory =
        Trajectory.start("Task")
            .with(
                Step.of(
                    new Decision.Call("Because."),
                    new ToolCall("find", Map.of("q", "x")),
                    Observation.ok("found")));

    String prompt =
        FORMAT
            .backbonePrompt(trajectory, List.of(ToolSpecification.builder().name("find").build()))
            .text();

    assertThat(prompt)
        .contains(
            "user: Task</s>assistant: Because.\nAction: find\nAction Input: {\"q\": \"x\"}</s>"
                + "observation: found")
        .doesNotContain("caller: ")
        .endsWith(" assistant: ");
  }

  /** Expected text printed by Python 3: {@code json.dumps(value, indent=2)}. */
  @Test
  void should_indent_as_python_does() {
    Object value = Map.of("a", List.of(1, List.of(), Map.of(), "\u00e9\u007f"));

    assertThat(PythonJson.writeAscii(value, 2))
        .isEqualTo("{\n  \"a\": [\n    1,\n    [],\n    {},\n    \"\\u00e9\\u007f\"\n  ]\n}");
  }
}
