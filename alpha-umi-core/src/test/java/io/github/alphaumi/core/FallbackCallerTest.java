package io.github.alphaumi.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.alphaumi.core.testkit.FakeRunContext;
import io.github.alphaumi.core.testkit.ScriptedChatModel;
import io.github.alphaumi.core.testkit.ScriptedTextModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FallbackCallerTest {
  private static final Trajectory START = Trajectory.start("Where is my order?");
  private static final Decision.Call PLAN = new Decision.Call("Call orderStatus for 7.");
  private static final ToolCall CALL = new ToolCall("orderStatus", Map.of("orderId", "7"));
  private static final String GOOD = "Action: orderStatus\nAction Input: {\"orderId\": \"7\"}";

  private final ScriptedTextModel local = new ScriptedTextModel();
  private final ScriptedChatModel remote = new ScriptedChatModel();
  private final FakeRunContext context = new FakeRunContext();
  private final Caller caller =
      Caller.tuned(local, PromptFormat.compact()).withFallback(Caller.prompted(remote));

  private Caller.Turn call(Trajectory trajectory) {
    return caller.call(trajectory, PLAN, Tools.SHOP, context);
  }

  @Test
  void should_stay_local_while_calls_are_valid() {
    local.writes(GOOD);

    assertThat(call(START)).isEqualTo(CALL);
    assertThat(remote.requests()).isEmpty();
    assertThat(context.repairs()).isEmpty();
  }

  @Test
  void should_take_several_calls_of_which_one_can_be_meant() {
    Caller.Turn some = new Caller.Several(List.of(new Caller.Unreadable("?", "no call"), CALL));
    Caller.Turn none =
        new Caller.Several(
            List.of(new Caller.Unreadable("?", "no call"), new ToolCall("nothing", Map.of())));
    Caller other = (trajectory, plan, tools, context) -> CALL;
    for (Caller.Turn turn : List.of(some, none)) {
      Caller first = (trajectory, plan, tools, context) -> turn;
      assertThat(first.withFallback(other).call(START, PLAN, Tools.SHOP, context))
          .isEqualTo(turn == some ? some : CALL);
    }
  }

  @Test
  void should_tell_the_local_caller_what_is_wrong_and_ask_it_once_more() {
    local.writes("Action: orderStatus\nAction Input: {}").writes(GOOD);

    assertThat(call(START)).isEqualTo(CALL);
    assertThat(local.requests().get(1).prompt().text())
        .contains("(An earlier call failed: orderStatus needs the argument orderId.)");
    assertThat(remote.requests()).isEmpty();
  }

  @Test
  void should_ask_the_remote_caller_after_two_failures() {
    local.writes("What?").writes("Action: ordrStatus\nAction Input: {\"orderId\": \"7\"}");
    remote.says(GOOD);

    assertThat(call(START)).isEqualTo(CALL);
    assertThat(local.requests()).hasSize(2);
    assertThat(remote.requests()).hasSize(1);
    assertThat(context.repairs())
        .filteredOn(repair -> repair.equals("CALLER: the other caller is asked"))
        .hasSize(1);
  }

  @Test
  void should_count_calls_that_the_tools_refused_as_invalid() {
    Observation invalid = Observation.error(Observation.Status.INVALID, "no");
    local.writes("What?");
    remote.says(GOOD).says(GOOD);

    call(START.with(Step.of(PLAN, CALL, invalid)));
    assertThat(local.requests()).hasSize(1);
    call(START.with(Step.of(PLAN, CALL, invalid)).with(Step.unreadable(PLAN, invalid)));
    assertThat(local.requests()).hasSize(1);
    assertThat(remote.requests()).hasSize(2);
  }

  @Test
  void should_find_calls_that_no_tool_could_mean() {
    List<String> problems = new ArrayList<>();
    for (ToolCall bad :
        List.of(
            new ToolCall("nothing", Map.of()),
            new ToolCall("convertCurrency", Map.of("amount", 1, "from", "EUR")),
            new ToolCall("convertCurrency", Map.of("amount", 1, "from", "EUR", "to", "YEN")),
            new ToolCall("orderStatus", Map.of("orderId", Map.of())))) {
      problems.add(CallCheck.problem(bad, Tools.SHOP).orElseThrow());
    }

    assertThat(problems.get(0)).startsWith("there is no tool nothing; the tools are orderStatus, ");
    assertThat(problems.subList(1, 4))
        .containsExactly(
            "convertCurrency needs the argument to",
            "the argument to of convertCurrency must be one of EUR, USD, GBP, CHF",
            "the argument orderId of orderStatus must be a single value");
    // What a toolbox converts is no failure.
    assertThat(
            CallCheck.problem(
                new ToolCall("convertCurrency", Map.of("amount", "1", "from", "eur", "to", "USD")),
                Tools.SHOP))
        .isEmpty();
  }

  @Test
  void should_ask_the_remote_caller_when_the_local_one_cannot_work() {
    Caller broken =
        (trajectory, plan, tools, run) -> {
          throw new IllegalStateException("closed");
        };
    remote.says(GOOD);

    assertThat(broken.withFallback(Caller.prompted(remote)).call(START, PLAN, Tools.SHOP, context))
        .isEqualTo(CALL);
  }

  @Test
  void should_not_ask_anybody_after_the_end_of_the_run() {
    Caller cancelled =
        (trajectory, plan, tools, run) -> {
          throw new RunStoppedException(StopReason.CANCELLED, "cancelled");
        };

    assertThatThrownBy(
            () ->
                cancelled
                    .withFallback(Caller.prompted(remote))
                    .call(START, PLAN, Tools.SHOP, context))
        .isInstanceOf(RunStoppedException.class);
    assertThat(remote.requests()).isEmpty();
  }
}
