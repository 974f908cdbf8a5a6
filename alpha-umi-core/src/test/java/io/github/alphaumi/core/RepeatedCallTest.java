package io.github.alphaumi.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.alphaumi.core.testkit.FakeToolbox;
import io.github.alphaumi.core.testkit.ScriptedRoles;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Asking again for what is known is diverted; trying again what failed is not, for a while. */
class RepeatedCallTest {
  private static final Map<String, Object> MSFT = Map.of("ticker", "MSFT");
  private static final String RESULT = "{\"price\": 417.2}";

  @Test
  void should_divert_an_identical_answered_call_and_stop_when_it_goes_on() {
    AtomicInteger executions = new AtomicInteger();
    Roles roles =
        new Roles(
            (trajectory, tools, context) -> new Decision.Call("again"),
            (trajectory, plan, tools, context) -> new ToolCall("price", MSFT),
            (trajectory, plan, tools, context) -> "It is 417.2.");
    AgentResult result =
        Agent.builder()
            .roles(roles)
            .tools(
                FakeToolbox.of(
                    call -> Observation.ok(RESULT + executions.incrementAndGet()), "price"))
            .build()
            .run("task");

    assertThat(executions).hasValue(1);
    assertThat(result.stopReason()).isEqualTo(StopReason.REPEATED_CALL);
    assertThat(result.answer()).contains("It is 417.2.");
    assertThat(result.usage().toolCalls()).isOne();
    assertThat(result.trajectory().steps())
        .extracting(step -> step.outcomes().get(0).observation().status())
        .containsExactly(
            Observation.Status.OK,
            Observation.Status.REPEATED,
            Observation.Status.REPEATED,
            Observation.Status.REPEATED);
    assertThat(result.trajectory().steps())
        .extracting(step -> step.outcomes().get(0).observation().text())
        .containsOnly(RESULT + 1);
  }

  @Test
  void should_allow_a_failed_call_to_be_made_again_twice() {
    AtomicInteger executions = new AtomicInteger();
    FakeToolbox flaky =
        FakeToolbox.of(
            call ->
                executions.incrementAndGet() < 3
                    ? Observation.error(Observation.Status.FAILED, "busy")
                    : Observation.ok(RESULT),
            "price");
    Roles roles =
        ScriptedRoles.create()
            .call("price", MSFT)
            .call("price", MSFT)
            .call("price", MSFT)
            .conclude("417.2")
            .roles();
    AgentResult result = Agent.builder().roles(roles).tools(flaky).build().run("task");

    assertThat(executions).hasValue(3);
    assertThat(result.stopReason()).isEqualTo(StopReason.ANSWERED);
    assertThat(result.usage().toolCalls()).isEqualTo(3);
  }

  @Test
  void should_divert_a_call_that_failed_three_times() {
    FakeToolbox broken =
        FakeToolbox.of(call -> Observation.error(Observation.Status.FAILED, "busy"), "price");
    Roles roles =
        new Roles(
            (trajectory, tools, context) -> new Decision.Call("again"),
            (trajectory, plan, tools, context) -> new ToolCall("price", MSFT),
            (trajectory, plan, tools, context) -> "");
    AgentResult result = Agent.builder().roles(roles).tools(broken).build().run("task");

    assertThat(broken.executed()).hasSize(3);
    assertThat(result.stopReason()).isEqualTo(StopReason.REPEATED_CALL);
    assertThat(result.answer()).isEmpty();
  }

  @Test
  void should_not_take_other_arguments_for_the_same_call() {
    FakeToolbox prices = FakeToolbox.of(call -> Observation.ok(RESULT), "price");
    Roles roles =
        ScriptedRoles.create()
            .call("price", Map.of("ticker", "MSFT"))
            .call("price", Map.of("ticker", "AAPL"))
            .call("price", Map.of())
            .conclude("done")
            .roles();
    Agent.builder().roles(roles).tools(prices).build().run("task");

    assertThat(prices.executed()).hasSize(3);
  }
}
