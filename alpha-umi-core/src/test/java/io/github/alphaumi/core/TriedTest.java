package io.github.alphaumi.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import io.github.alphaumi.core.Trajectory.Attempt;
import io.github.alphaumi.core.testkit.FakeRunContext;
import io.github.alphaumi.core.testkit.ScriptedChatModel;
import io.github.alphaumi.core.testkit.ScriptedTextModel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What planners are told of the siblings of the step that they plan. */
class TriedTest {
  private static final ToolCall CALL = new ToolCall("price", Map.of("ticker", "MSFT"));
  private static final Attempt CALLED =
      new Attempt(new Decision.Call("Look."), outcome(Optional.of(CALL), "{\"p\": 1}"));
  private static final Attempt GAVE_UP = new Attempt(new Decision.GiveUp("No tool."), List.of());
  private static final String NOTICE =
      "From here this has been tried before and did not lead to the end:\n"
          + "- price {\"ticker\": \"MSFT\"} gave: {\"p\": 1}\n"
          + "- gave up: No tool.\n"
          + "Do something else this time.";

  private static final TrajectoryNode TOLD =
      TrajectoryNode.start("task", Conversation.empty())
          .with(Step.of(new Decision.Call("First."), CALL, Observation.ok("{}")))
          .afterTrying(List.of(CALLED, GAVE_UP));

  private static List<Step.Outcome> outcome(Optional<ToolCall> call, String text) {
    return List.of(new Step.Outcome(call, Observation.ok(text)));
  }

  @Test
  void should_say_what_was_tried_and_what_came_back() {
    assertThat(ModelMessages.tried(List.of(CALLED, GAVE_UP))).isEqualTo(NOTICE);
  }

  @Test
  void should_tell_other_ends_apart() {
    assertThat(
            ModelMessages.tried(
                List.of(
                    new Attempt(new Decision.Call("Go on."), List.of()),
                    new Attempt(new Decision.Conclude(""), List.of()),
                    new Attempt(
                        new Decision.Call("Call \n it."),
                        outcome(Optional.empty(), "it is no call")))))
        .contains("- planned, not done: Go on.\n- answered\n- Call it. gave: it is no call\n");
  }

  @Test
  void should_keep_it_short() {
    Attempt long_ =
        new Attempt(new Decision.Call(""), outcome(Optional.of(CALL), "x".repeat(1_000_000)));
    List<Attempt> many = new ArrayList<>(Collections.nCopies(9, long_));
    many.add(GAVE_UP);
    String told = ModelMessages.tried(many);

    assertThat(told).hasSizeLessThan(2_000).contains("x…\n", "- gave up: No tool.");
    assertThat(told.lines()).hasSize(7);
  }

  @Test
  void should_tell_a_chat_model_in_the_users_last_message() {
    ScriptedChatModel model = new ScriptedChatModel().says("Done. Next: conclusion.");
    Planner.prompted(model).plan(TOLD, Tools.SHOP, new FakeRunContext());
    List<ChatMessage> messages = model.requests().get(0).messages();

    assertThat(messages)
        .hasSize(4)
        .last()
        .isEqualTo(UserMessage.from("Observation: {}\n\n" + NOTICE));
  }

  @Test
  void should_tell_a_tuned_model_in_a_turn_of_the_user() {
    ScriptedTextModel model = new ScriptedTextModel().writes("Done. Next: conclusion.");
    Planner.tuned(model, PromptFormat.alphaUmi()).plan(TOLD, Tools.SHOP, new FakeRunContext());

    assertThat(model.requests().get(0).prompt().text())
        .contains("observation: {}user: " + NOTICE + "</s>");
  }

  @Test
  void should_still_tell_when_the_history_is_condensed() {
    TrajectoryNode path = TrajectoryNode.start("task", Conversation.empty());
    for (int i = 0; i < 40; i++) {
      path =
          path.with(
              Step.of(
                  new Decision.Call("Step " + i),
                  new ToolCall("price", Map.of("n", i)),
                  Observation.ok("word ".repeat(100))));
    }
    ScriptedTextModel model = new ScriptedTextModel().writes("Done. Next: conclusion.");
    Planner.tuned(model, PromptFormat.compact())
        .plan(path.afterTrying(List.of(GAVE_UP)), Tools.SHOP, new FakeRunContext());

    assertThat(model.requests().get(0).prompt().text())
        .contains("- gave up: No tool.", "not shown")
        .hasSizeLessThan(12_000);
  }

  @Test
  void should_be_forgotten_by_the_next_step_unless_it_is_kept() {
    Step step = TOLD.last().orElseThrow();

    assertThat(TOLD.tried(1)).containsExactly(CALLED, GAVE_UP);
    assertThat(TOLD.tried(0)).isEmpty();
    assertThat(TOLD.tried(2)).isEmpty();
    assertThat(TOLD.with(step).tried(1)).hasSize(2);
    assertThat(TOLD.with(step).tried(2)).isEmpty();
  }
}
