package io.github.alphaumi.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.alphaumi.core.testkit.FakeRunContext;
import io.github.alphaumi.core.testkit.FakeToolbox;
import io.github.alphaumi.core.testkit.ManualTicker;
import io.github.alphaumi.core.testkit.RecordingListener;
import io.github.alphaumi.core.testkit.ScriptedRoles;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Agents that ask each other. */
class AgentsAsToolsTest {
  private static final Map<String, Object> TASK = Map.of("task", "price of MSFT");

  private final RecordingListener events = new RecordingListener();
  private final ManualTicker clock = new ManualTicker();
  private final FakeToolbox prices =
      FakeToolbox.of(call -> Observation.ok("{\"price\": 417.2}"), "price");

  private Agent.Builder clerk(Roles roles) {
    return Agent.builder().roles(roles).tools(prices).ticker(clock);
  }

  private Agent.Builder boss(Agent clerk, Roles roles) {
    return Agent.builder()
        .roles(roles)
        .tools(clerk.asTool("clerk", "Knows prices"))
        .listener(events)
        .ticker(clock)
        .runIds(() -> "boss");
  }

  @Test
  void should_answer_with_another_agents_answer_and_nest_its_trace() {
    Agent clerk =
        clerk(ScriptedRoles.create().call("price", Map.of()).conclude("It is 417.2.").roles())
            .build();
    AgentResult result =
        boss(clerk, ScriptedRoles.create().call("clerk", TASK).conclude("417.2!").roles())
            .build()
            .run("What does MSFT trade at?");

    assertThat(result.answer()).contains("417.2!");
    assertThat(result.trajectory().steps().get(0).outcomes().get(0).observation().text())
        .isEqualTo("It is 417.2.");
    assertThat(result.usage().toolCalls()).isEqualTo(2);
    SearchTree asked = result.tree().node(1).agents().get(0);
    assertThat(asked.task()).isEqualTo("price of MSFT");
    assertThat(asked.runId()).isEqualTo("boss/1.1");
    assertThat(asked.nodes()).hasSize(3);
    assertThat(asked.node(2).answer()).contains("It is 417.2.");
    assertThat(result.tree().node(2).agents()).isEmpty();
    assertThat(events.kinds())
        .containsExactly(
            "Started",
            "Offered",
            "Expanded",
            "Planned",
            "Called",
            "Started",
            "Offered",
            "Expanded",
            "Planned",
            "Called",
            "Observed",
            "Expanded",
            "Planned",
            "Answered",
            "Stopped",
            "Observed",
            "Expanded",
            "Planned",
            "Answered",
            "Stopped");
    assertThat(events.events(RunEvent.Started.class).get(1).caller())
        .hasValueSatisfying(caller -> assertThat(caller.node()).isOne());
  }

  @Test
  void should_build_the_same_tree_from_the_events_afterwards() {
    Agent clerk =
        clerk(ScriptedRoles.create().call("price", Map.of()).conclude("It is 417.2.").roles())
            .build();
    AgentResult result =
        boss(clerk, ScriptedRoles.create().call("clerk", TASK).conclude("417.2!").roles())
            .build()
            .run("task");
    TreeRecorder recorder = new TreeRecorder();
    events.events().forEach(recorder::on);

    assertThat(recorder.tree()).isEqualTo(result.tree()).hasSameHashCodeAs(result.tree());
  }

  @Test
  void should_end_both_when_what_they_may_spend_together_is_spent() {
    Planner dear =
        (trajectory, tools, context) -> {
          context.used(Role.PLANNER, new ModelUse(60, 0, 0, Duration.ZERO, Duration.ofMillis(1)));
          return new Decision.Call("call");
        };
    Agent clerk =
        clerk(
                new Roles(
                    dear,
                    (trajectory, plan, tools, context) ->
                        new ToolCall("price", Map.of("step", context.step())),
                    (trajectory, plan, tools, context) -> ""))
            .build();
    AgentResult result =
        boss(clerk, ScriptedRoles.create().call("clerk", TASK).roles())
            .budget(Budget.defaults().withTokens(100).withCost(1_000, (role, use) -> 2))
            .build()
            .run("task");

    assertThat(prices.executed()).hasSize(1);
    assertThat(events.events(RunEvent.Stopped.class))
        .extracting(stopped -> stopped.result().stopReason())
        .containsExactly(StopReason.TOKEN_LIMIT, StopReason.TOKEN_LIMIT);
    assertThat(result.usage().inputTokens()).isEqualTo(120);
    assertThat(result.usage().cost()).isEqualTo(4);
    assertThat(result.trajectory().steps().get(0).outcomes().get(0).observation().text())
        .contains("it stopped without an answer: TOKEN_LIMIT; it had found out: {\\\"price");
  }

  @Test
  void should_end_both_when_the_time_of_the_outer_one_is_up() {
    Planner late =
        (trajectory, tools, context) -> {
          clock.advance(Duration.ofSeconds(10));
          assertThat(context.timeLeft()).isZero();
          assertThat(context.cancellation().isCancelled()).isTrue();
          return new Decision.Call("call");
        };
    Agent clerk = clerk(ScriptedRoles.create().roles().withPlanner(late)).build();
    boss(clerk, ScriptedRoles.create().call("clerk", TASK).roles())
        .budget(Budget.defaults().withTime(Duration.ofSeconds(10)))
        .build()
        .run("task");

    assertThat(events.events(RunEvent.Stopped.class))
        .extracting(stopped -> stopped.result().toString())
        .containsExactly(
            "TIME_LIMIT: the budget of PT10S is used up",
            "TIME_LIMIT: the budget of PT10S is used up");
  }

  @Test
  void should_end_both_when_the_outer_one_is_cancelled() {
    Cancellation cancellation = Cancellation.create();
    Planner cancelling =
        (trajectory, tools, context) -> {
          cancellation.cancel();
          return new Decision.Call("call");
        };
    Agent clerk = clerk(ScriptedRoles.create().roles().withPlanner(cancelling)).build();
    boss(clerk, ScriptedRoles.create().call("clerk", TASK).roles())
        .build()
        .run("task", cancellation);

    assertThat(events.events(RunEvent.Stopped.class))
        .extracting(stopped -> stopped.result().stopReason())
        .containsExactly(StopReason.CANCELLED, StopReason.CANCELLED);
  }

  @Test
  void should_end_when_agents_ask_each_other_in_a_circle() {
    AtomicReference<Agent> self = new AtomicReference<>();
    Toolbox circle =
        new Toolbox() {
          @Override
          public List<dev.langchain4j.agent.tool.ToolSpecification> specifications() {
            return FakeToolbox.of(call -> Observation.ok(""), "ask").specifications();
          }

          @Override
          public Observation execute(ToolCall call, RunContext context) {
            return Observation.ok(context.run(self.get(), "again").toString());
          }
        };
    Roles asking =
        new Roles(
            (trajectory, tools, context) ->
                trajectory.steps().isEmpty()
                    ? new Decision.Call("ask")
                    : new Decision.Conclude("done"),
            (trajectory, plan, tools, context) -> new ToolCall("ask", Map.of()),
            (trajectory, plan, tools, context) ->
                trajectory.steps().get(0).outcomes().get(0).observation().text());
    self.set(Agent.builder().roles(asking).tools(circle).listener(events).build());
    AgentResult result = self.get().run("task");

    assertThat(result.answer().orElseThrow()).endsWith("agents ask each other more than 8 deep");
    assertThat(result.usage().toolCalls()).isEqualTo(8);
  }

  @Test
  void should_only_look_when_all_its_tools_do() {
    Toolbox looking =
        FakeToolbox.of(call -> Observation.ok("{}"), "price").with("price", Effect.READ_ONLY);
    Agent.Builder agent = Agent.builder().roles(ScriptedRoles.create().roles());

    assertThat(agent.tools(looking).build().asTool("a", "b").effect("a"))
        .isEqualTo(Effect.READ_ONLY);
    assertThat(clerk(ScriptedRoles.create().roles()).build().asTool("a", "b").effect("a"))
        .isEqualTo(Effect.EFFECTFUL);
  }

  @Test
  void should_say_what_an_agent_needs_to_be_asked() {
    Toolbox tool = clerk(ScriptedRoles.create().roles()).build().asTool("clerk", "Knows prices");

    assertThat(tool.execute(new ToolCall("clerk", Map.of("task", 7)), new FakeRunContext()).text())
        .contains("clerk needs the argument \\\"task\\\"");
    assertThat(tool.execute(new ToolCall("clark", TASK), new FakeRunContext()).text())
        .contains("there is no tool clark; the tools are clerk");
  }

  @Test
  void should_run_alone_where_nobody_asked() {
    Agent clerk = clerk(ScriptedRoles.create().conclude("Hello!").roles()).build();

    assertThat(clerk.asTool("clerk", "").execute(new ToolCall("clerk", TASK), new FakeRunContext()))
        .isEqualTo(Observation.ok("Hello!"));
  }

  @Test
  void should_join_toolboxes_and_refuse_two_tools_of_a_name() {
    FakeToolbox orders = FakeToolbox.of(call -> Observation.ok("order"), "order");
    Toolbox both = Toolbox.of(prices, orders);

    assertThat(both.execute(new ToolCall("order", Map.of()), new FakeRunContext()).text())
        .isEqualTo("order");
    assertThat(both.specifications()).extracting("name").containsExactly("price", "order");
    assertThat(both.effect("price")).isEqualTo(Effect.EFFECTFUL);
    assertThat(both.execute(new ToolCall("x", Map.of()), new FakeRunContext()).text())
        .contains("the tools are price, order");
    assertThatThrownBy(() -> Toolbox.of(prices, prices).specifications())
        .isInstanceOf(AlphaUmiException.class)
        .hasMessageContaining("tool 'price'");
  }
}
