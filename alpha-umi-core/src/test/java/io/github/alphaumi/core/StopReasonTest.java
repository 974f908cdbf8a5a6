package io.github.alphaumi.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.alphaumi.core.testkit.FakeToolbox;
import io.github.alphaumi.core.testkit.ManualTicker;
import io.github.alphaumi.core.testkit.RecordingListener;
import io.github.alphaumi.core.testkit.ScriptedRoles;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every way in which a run ends early. */
class StopReasonTest {
  private static final Map<String, Object> MSFT = Map.of("ticker", "MSFT");
  private static final String RESULT = "{\"price\": 417.2}";

  private final ManualTicker clock = new ManualTicker();
  private final Cancellation cancellation = Cancellation.create();
  private final RecordingListener events = new RecordingListener();

  @AfterEach
  void clearInterrupt() {
    Thread.interrupted();
  }

  private Agent.Builder agent(Roles roles) {
    return Agent.builder()
        .roles(roles)
        .tools(FakeToolbox.of(call -> Observation.ok(RESULT), "price"))
        .listener(events)
        .ticker(clock);
  }

  private static Planner planner(Planner planner) {
    return planner;
  }

  /** A run that has one result, and then does this instead of planning. */
  private Roles thenPlan(Runnable action) {
    return ScriptedRoles.create()
        .call("price", MSFT)
        .plan(
            () -> {
              action.run();
              return new Decision.Call("go on");
            })
        .turn(() -> new ToolCall("price", Map.of()))
        .answer("summary")
        .roles();
  }

  private static Runnable fail(RuntimeException e) {
    return () -> {
      throw e;
    };
  }

  @Test
  void should_stop_at_the_step_limit_with_a_partial_answer_of_the_summarizer() {
    Roles roles =
        ScriptedRoles.create()
            .call("price", MSFT)
            .call("price", Map.of("ticker", "AAPL"))
            .call("price", Map.of("ticker", "SAP"))
            .answer("MSFT is at 417.2; that is all I found.")
            .roles();
    AgentResult result = agent(roles).budget(Budget.defaults().withSteps(2)).build().run("task");

    assertThat(result.stopReason()).isEqualTo(StopReason.STEP_LIMIT);
    assertThat(result.stopReason().isBudget()).isTrue();
    assertThat(result.detail()).isEqualTo("the budget of 2 steps is used up");
    assertThat(result.answer()).contains("MSFT is at 417.2; that is all I found.");
    assertThat(result.trajectory().steps()).hasSize(2);
  }

  @Test
  void should_let_the_planner_conclude_after_the_last_step_of_the_budget() {
    Roles roles = ScriptedRoles.create().call("price", MSFT).conclude("417.2").roles();
    AgentResult result = agent(roles).budget(Budget.defaults().withSteps(1)).build().run("task");

    assertThat(result.stopReason()).isEqualTo(StopReason.ANSWERED);
  }

  @Test
  void should_fall_back_on_the_newest_result_when_the_summarizer_fails_or_is_silent() {
    for (Summarizer summarizer :
        new Summarizer[] {
          (trajectory, plan, tools, context) -> "",
          (trajectory, plan, tools, context) -> {
            throw new IllegalStateException("down");
          }
        }) {
      Roles roles =
          ScriptedRoles.create()
              .call("price", MSFT)
              .call("price", Map.of("ticker", "AAPL"))
              .roles()
              .withSummarizer(summarizer);
      AgentResult result = agent(roles).budget(Budget.defaults().withSteps(1)).build().run("task");

      assertThat(result.stopReason()).isEqualTo(StopReason.STEP_LIMIT);
      assertThat(result.answer()).contains(RESULT);
    }
  }

  @Test
  void should_stop_when_tokens_are_used_up() {
    Roles roles =
        thenPlan(() -> {})
            .withPlanner(
                planner(
                    (trajectory, tools, context) -> {
                      context.used(
                          Role.PLANNER,
                          new ModelUse(40, 30, 10, Duration.ZERO, Duration.ofMillis(3)));
                      return new Decision.Call("call");
                    }));
    AgentResult result = agent(roles).budget(Budget.defaults().withTokens(100)).build().run("task");

    assertThat(result.stopReason()).isEqualTo(StopReason.TOKEN_LIMIT);
    assertThat(result.detail()).isEqualTo("the budget of 100 tokens is used up");
    assertThat(result.answer()).contains(RESULT);
    assertThat(result.usage())
        .isEqualTo(new AgentResult.Usage(2, 1, 80, 60, 20, 0, 0, Duration.ZERO));
    assertThat(events.events(RunEvent.ModelCalled.class)).hasSize(2);
  }

  @Test
  void should_stop_when_time_is_used_up_before_the_next_call() {
    AgentResult result =
        agent(thenPlan(() -> clock.advance(Duration.ofSeconds(10))))
            .budget(Budget.defaults().withTime(Duration.ofSeconds(10)))
            .build()
            .run("task");

    assertThat(result.stopReason()).isEqualTo(StopReason.TIME_LIMIT);
    assertThat(result.detail()).isEqualTo("the budget of PT10S is used up");
    assertThat(result.answer()).contains(RESULT);
    assertThat(result.usage().elapsed()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void should_call_it_time_limit_when_a_role_sees_the_deadline_as_cancellation() {
    Planner late =
        (trajectory, tools, context) -> {
          clock.advance(Duration.ofSeconds(11));
          assertThat(context.cancellation().isCancelled()).isTrue();
          assertThat(context.timeLeft()).isEqualTo(Duration.ofSeconds(-1));
          throw new RunStoppedException(StopReason.CANCELLED, "cancelled while a model wrote");
        };
    AgentResult result =
        agent(ScriptedRoles.create().roles().withPlanner(late))
            .budget(Budget.defaults().withTime(Duration.ofSeconds(10)))
            .build()
            .run("task");

    assertThat(result.stopReason()).isEqualTo(StopReason.TIME_LIMIT);
  }

  @Test
  void should_stop_when_cancelled_by_the_switch() {
    AgentResult result = agent(thenPlan(cancellation::cancel)).build().run("task", cancellation);

    assertThat(result.stopReason()).isEqualTo(StopReason.CANCELLED);
    assertThat(result.stopReason().isBudget()).isFalse();
    assertThat(result.answer()).contains(RESULT);
    assertThat(events.kinds()).endsWith("Planned", "Stopped");
  }

  @Test
  void should_do_nothing_when_cancelled_before_the_start() {
    cancellation.cancel();
    AgentResult result = agent(ScriptedRoles.create().roles()).build().run("task", cancellation);

    assertThat(result.stopReason()).isEqualTo(StopReason.CANCELLED);
    assertThat(events.kinds()).containsExactly("Started", "Stopped");
  }

  @Test
  void should_say_cancelled_when_the_deadline_passes_until_the_switch_is_noticed() {
    AgentResult result =
        agent(
                thenPlan(
                    () -> {
                      cancellation.cancel();
                      clock.advance(Duration.ofDays(1));
                    }))
            .build()
            .run("task", cancellation);

    assertThat(result.stopReason()).isEqualTo(StopReason.CANCELLED);
  }

  @Test
  void should_stop_when_interrupted_and_leave_the_flag_set() {
    AgentResult result =
        agent(thenPlan(() -> Thread.currentThread().interrupt())).build().run("task");

    assertThat(Thread.currentThread().isInterrupted()).isTrue();
    assertThat(result.stopReason()).isEqualTo(StopReason.CANCELLED);
    assertThat(result.answer()).contains(RESULT);
  }

  @Test
  void should_see_an_interrupt_whose_flag_a_client_lost() {
    AgentResult result =
        agent(thenPlan(fail(new IllegalStateException(new InterruptedException()))))
            .build()
            .run("task");

    assertThat(Thread.currentThread().isInterrupted()).isTrue();
    assertThat(result.stopReason()).isEqualTo(StopReason.CANCELLED);
  }

  @Test
  void should_see_an_interrupt_whose_flag_a_tool_lost() {
    Toolbox interrupted =
        FakeToolbox.of(
            call -> {
              throw new IllegalStateException(new InterruptedException());
            },
            "price");
    AgentResult result =
        Agent.builder().roles(thenPlan(() -> {})).tools(interrupted).build().run("task");

    assertThat(Thread.currentThread().isInterrupted()).isTrue();
    assertThat(result.stopReason()).isEqualTo(StopReason.CANCELLED);
  }

  @Test
  void should_not_take_the_interrupt_of_another_thread_for_its_own() {
    RuntimeException elsewhere =
        new IllegalStateException(
            new java.util.concurrent.ExecutionException(new InterruptedException()));
    AgentResult result = agent(thenPlan(fail(elsewhere))).build().run("task");

    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    assertThat(result.stopReason()).isEqualTo(StopReason.MODEL_FAILED);
  }

  @Test
  void should_end_with_the_reason_that_a_role_gives() {
    AgentResult result =
        agent(thenPlan(fail(new RunStoppedException(StopReason.CONTEXT_FULL, "2,100 of 2,048"))))
            .build()
            .run("task");

    assertThat(result.stopReason()).isEqualTo(StopReason.CONTEXT_FULL);
    assertThat(result.detail()).isEqualTo("2,100 of 2,048");
    assertThat(result.answer()).contains(RESULT);
    assertThat(result.failure()).isEmpty();
  }

  @Test
  void should_keep_what_a_role_threw() {
    IllegalStateException down = new IllegalStateException("connection refused");
    AgentResult result = agent(thenPlan(fail(down))).build().run("task");

    assertThat(result.stopReason()).isEqualTo(StopReason.MODEL_FAILED);
    assertThat(result.detail()).contains("connection refused");
    assertThat(result.failure()).containsSame(down);
    assertThat(result.answer()).contains(RESULT);
  }

  @Test
  void should_say_which_role_returned_null() {
    Roles roles = ScriptedRoles.create().call("price", MSFT).conclude("").roles();

    assertThat(agent(roles.withPlanner((trajectory, tools, context) -> null)).build().run("task"))
        .hasToString(
            "MODEL_FAILED: a role threw java.lang.NullPointerException: the planner returned null");
    assertThat(
            agent(roles.withCaller((trajectory, plan, tools, context) -> null))
                .build()
                .run("task")
                .detail())
        .endsWith("the caller returned null");
    assertThat(
            agent(roles.withSummarizer((trajectory, plan, tools, context) -> null))
                .build()
                .run("task")
                .detail())
        .endsWith("the summarizer returned null");
  }

  @Test
  void should_have_a_failure_when_a_role_itself_says_that_the_model_failed() {
    RunStoppedException failed = new RunStoppedException(StopReason.MODEL_FAILED, "no model");
    AgentResult result = agent(thenPlan(fail(failed))).build().run("task");

    assertThat(result.failure()).containsSame(failed);
  }
}
