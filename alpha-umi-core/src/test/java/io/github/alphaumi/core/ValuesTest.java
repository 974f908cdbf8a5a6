package io.github.alphaumi.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.alphaumi.core.testkit.FakeRunContext;
import io.github.alphaumi.core.testkit.ScriptedRoles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What values accept, refuse and protect. */
class ValuesTest {

  @Test
  void should_name_what_an_agent_lacks_or_has_twice() {
    assertThatIllegalStateException()
        .isThrownBy(() -> Agent.builder().build())
        .withMessage(
            "roles: not set; set it to Roles.prompted(model) or Roles.tuned(model, format)");
    assertThatIllegalStateException()
        .isThrownBy(() -> Agent.builder().budget(Budget.defaults()).budget(Budget.defaults()))
        .withMessage("budget: set twice");
  }

  @Test
  void should_refuse_limits_that_end_a_run_before_it_starts() {
    Budget budget = Budget.defaults();

    assertThat(budget)
        .isEqualTo(
            new Budget(
                12,
                1_000,
                200,
                200_000,
                Duration.ofMinutes(5),
                Double.POSITIVE_INFINITY,
                budget.price()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> budget.withSteps(0))
        .withMessageStartingWith("steps: 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> budget.withTokens(0))
        .withMessageStartingWith("tokens: 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> budget.withTime(Duration.ZERO))
        .withMessageStartingWith("time: PT0S");
  }

  @Test
  void should_refuse_sampling_outside_its_range() {
    assertThatIllegalArgumentException().isThrownBy(() -> Sampling.temperature(-1, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> Sampling.temperature(Double.NaN, 0));
    Sampling greedy = Sampling.greedy();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> greedy.withTopK(-1))
        .withMessage("topK: -1 is less than 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> greedy.withTopP(0))
        .withMessage("topP: 0.0 is not in (0, 1]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> greedy.withMinP(1.5))
        .withMessage("minP: 1.5 is not in [0, 1]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> greedy.withRepetitionPenalty(0))
        .withMessage("repetitionPenalty: 0.0 is not a finite number above 0");
    assertThat(Sampling.greedy().isGreedy()).isTrue();
    assertThat(Sampling.temperature(0.5, 1).isGreedy()).isFalse();
    assertThat(
            greedy
                .withTemperature(0.5)
                .withTopK(40)
                .withTopP(0.9)
                .withMinP(0.05)
                .withRepetitionPenalty(1.1)
                .withSeed(7))
        .isEqualTo(new Sampling(0.5, 40, 0.9, 0.05, 1.1, 7));
  }

  @Test
  void should_refuse_requests_that_cannot_be_met() {
    Prompt prompt = Prompt.of("x");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> TextModel.Request.builder(prompt).stops(List.of("")).build());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TextModel.Request.builder(prompt).maxTokens(0).build());
    assertThatIllegalArgumentException().isThrownBy(() -> new Constraint.OneOf(List.of()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Constraint.Matches("a(b"))
        .withMessage("regex: 'a(b' is not a regular expression: Unclosed group at position 3");
  }

  @Test
  void should_not_let_a_call_change_after_it_was_made() {
    List<Object> inner = new ArrayList<>(List.of(1));
    ToolCall call = new ToolCall("a", Map.of("list", inner));
    inner.add(2);

    assertThat(call).isEqualTo(new ToolCall("a", Map.of("list", List.of(1))));
    assertThatThrownBy(() -> call.arguments().put("b", 1))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThat(call).hasToString("a {\"list\": [1]}");
  }

  @Test
  void should_share_the_beginning_of_trajectories() {
    Step a = Step.unreadable(new Decision.Call("a"), Observation.ok("1"));
    Step b = Step.unreadable(new Decision.Call("b"), Observation.ok("2"));
    Trajectory start = Trajectory.start("task");
    Trajectory one = start.with(a);

    assertThat(start.steps()).isEmpty();
    assertThat(start.last()).isEmpty();
    assertThat(one.with(b).steps()).containsExactly(a, b);
    assertThat(one.with(a).steps()).containsExactly(a, a);
    assertThat(one.last()).contains(a);
    assertThat(one.with(b)).hasToString("task [a -> ? -> 1, b -> ? -> 2]");
  }

  @Test
  void should_write_an_error_as_an_object() {
    Observation error = Observation.error(Observation.Status.REFUSED, "say \"no\"\n");

    assertThat(error.text()).isEqualTo("{\"error\": \"say \\\"no\\\"\\n\"}");
    assertThat(error.isError()).isTrue();
    assertThat(new Observation(Observation.Status.REPEATED, "1").isError()).isFalse();
  }

  @Test
  void should_say_which_tools_there_are() {
    assertThat(ModelMessages.unknownTool("x", List.of("a", "b")))
        .isEqualTo("there is no tool x; the tools are a, b");
    assertThat(Toolbox.empty().execute(new ToolCall("x", Map.of()), new FakeRunContext()).text())
        .isEqualTo("{\"error\": \"there is no tool x and no other\"}");
  }

  @Test
  void should_replace_one_role_and_keep_the_others() {
    Roles roles = ScriptedRoles.create().roles();
    Planner planner = (trajectory, tools, context) -> new Decision.GiveUp("");

    assertThat(roles.withPlanner(planner))
        .isEqualTo(new Roles(planner, roles.caller(), roles.summarizer()));
  }

  @Test
  void should_deny_approval_when_nobody_can_be_asked() {
    assertThat(Approver.nobody().decide(new ToolCall("x", Map.of())).approved()).isFalse();
    assertThat(Approver.Answer.yes()).isNotEqualTo(Approver.Answer.later());
  }
}
