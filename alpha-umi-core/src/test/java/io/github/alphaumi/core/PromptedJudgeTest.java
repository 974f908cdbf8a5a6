package io.github.alphaumi.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.UserMessage;
import io.github.alphaumi.core.testkit.FakeRunContext;
import io.github.alphaumi.core.testkit.ScriptedChatModel;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PromptedJudgeTest {
  private static final Trajectory STEM =
      Trajectory.start("Where is A-4711?").with(step("ordersOf", "{\"orders\": [\"A-4711\"]}"));

  private final ScriptedChatModel model = new ScriptedChatModel();
  private final FakeRunContext context = new FakeRunContext();

  private static Step step(String tool, String result) {
    return Step.of(new Decision.Call("look"), new ToolCall(tool, Map.of()), Observation.ok(result));
  }

  private boolean prefersFirst(String verdict) {
    model.says(verdict);
    return Search.Judge.prompted(model)
        .prefersFirst(
            STEM.with(step("orderStatus", "shipped")),
            STEM.with(step("stockOf", "x".repeat(5_000))),
            context);
  }

  @Test
  void should_show_the_common_path_and_both_steps_cut_to_their_gist() {
    prefersFirst("A");
    String shown = ((UserMessage) model.requests().get(0).messages().get(1)).singleText();

    assertThat(shown)
        .startsWith(
            "Task: Where is A-4711?\n"
                + "- ordersOf {} gave: {\"orders\": [\"A-4711\"]}\n"
                + "A: orderStatus {} gave: shipped\n"
                + "B: stockOf {} gave: xxx")
        .hasSizeLessThan(1_300);
    assertThat(context.uses()).hasSize(1);
  }

  @Test
  void should_read_the_last_letter() {
    assertThat(prefersFirst("A")).isTrue();
    assertThat(prefersFirst("B")).isFalse();
    assertThat(prefersFirst("B has found a lot, but A has the status. A")).isTrue();
    assertThat(prefersFirst("Although A is nearer, a better choice is **B**.")).isFalse();
    assertThat(context.repairs()).isEmpty();
  }

  @Test
  void should_count_a_verdict_without_a_letter_as_repaired() {
    assertThat(prefersFirst("Hard to say.")).isFalse();
    assertThat(context.repairs()).singleElement().asString().contains("neither A nor B");
  }
}
