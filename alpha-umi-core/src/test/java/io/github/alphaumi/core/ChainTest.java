package io.github.alphaumi.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.alphaumi.core.testkit.FakeToolbox;
import io.github.alphaumi.core.testkit.RecordingListener;
import io.github.alphaumi.core.testkit.ScriptedRoles;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** The way from a task to its result, as long as no limit is met. */
class ChainTest {
  private static final Map<String, Object> MSFT = Map.of("ticker", "MSFT");

  private final FakeToolbox prices =
      FakeToolbox.of(call -> Observation.ok("{\"price\": 417.2}"), "price");
  private final RecordingListener events = new RecordingListener();

  private Agent.Builder agent(ScriptedRoles script) {
    return Agent.builder().roles(script.roles()).tools(prices).listener(events).runIds(() -> "r");
  }

  @Test
  void should_answer_after_a_call() {
    AgentResult result =
        agent(ScriptedRoles.create().call("price", MSFT).conclude("It is 417.2."))
            .build()
            .run("What does MSFT trade at?");

    assertThat(result.stopReason()).isEqualTo(StopReason.ANSWERED);
    assertThat(result.answer()).contains("It is 417.2.");
    assertThat(result.runId()).isEqualTo("r");
    assertThat(result.trajectory().steps()).hasSize(1);
    assertThat(result.usage().toolCalls()).isOne();
    assertThat(result.failure()).isEmpty();
    assertThat(prices.executed()).containsExactly(new ToolCall("price", MSFT));
  }

  @Test
  void should_tell_events_in_order_with_their_step() {
    agent(ScriptedRoles.create().call("price", MSFT).unreadable("?", "no").conclude("417.2"))
        .build()
        .run("task");

    assertThat(events.kinds())
        .containsExactly(
            "Started",
            "Offered",
            "Expanded",
            "Planned",
            "Called",
            "Observed",
            "Expanded",
            "Planned",
            "Observed",
            "Expanded",
            "Planned",
            "Answered",
            "Stopped");
    assertThat(events.events())
        .extracting(RunEvent::step)
        .containsExactly(0, 0, 1, 1, 1, 1, 2, 2, 2, 3, 3, 3, 3);
    assertThat(events.events()).extracting(RunEvent::runId).containsOnly("r");
  }

  @Test
  void should_answer_without_tools_when_the_planner_concludes_at_once() {
    AgentResult result =
        Agent.builder().roles(ScriptedRoles.create().conclude("Hello!").roles()).build().run("Hi");

    assertThat(result.answer()).contains("Hello!");
    assertThat(result.usage().toolCalls()).isZero();
  }

  @Test
  void should_tell_the_planner_that_there_is_no_tool_to_call() {
    AgentResult result =
        Agent.builder()
            .roles(ScriptedRoles.create().call("price", MSFT).giveUp("no tool").roles())
            .build()
            .run("task");

    assertThat(result.trajectory().last().orElseThrow().outcomes().get(0).observation())
        .isEqualTo(
            new Observation(
                Observation.Status.INVALID, "{\"error\": \"there is no tool to call\"}"));
    assertThat(result.stopReason()).isEqualTo(StopReason.GAVE_UP);
  }

  @Test
  void should_give_up_with_the_rationale_and_the_newest_result() {
    AgentResult result =
        agent(ScriptedRoles.create().call("price", MSFT).giveUp("No tool can do this."))
            .build()
            .run("task");

    assertThat(result.stopReason()).isEqualTo(StopReason.GAVE_UP);
    assertThat(result.detail()).isEqualTo("No tool can do this.");
    assertThat(result.answer()).contains("{\"price\": 417.2}");
  }

  @Test
  void should_have_no_answer_when_nothing_was_found_out() {
    AgentResult result = agent(ScriptedRoles.create().giveUp("no")).build().run("task");

    assertThat(result.answer()).isEmpty();
    assertThat(result).hasToString("GAVE_UP: no");
  }

  @Test
  void should_give_the_newest_result_when_the_summarizer_writes_nothing() {
    AgentResult result =
        agent(ScriptedRoles.create().call("price", MSFT).conclude(" \n")).build().run("task");

    assertThat(result.stopReason()).isEqualTo(StopReason.ANSWERED);
    assertThat(result.answer()).contains("{\"price\": 417.2}");
    assertThat(result.usage().repairs()).isOne();
  }

  @Test
  void should_observe_an_unreadable_call_without_replaying_its_text() {
    AgentResult result =
        agent(ScriptedRoles.create().unreadable("Actoin: {{{", "it is no call").giveUp("no"))
            .build()
            .run("task");

    Step step = result.trajectory().last().orElseThrow();
    assertThat(step.outcomes().get(0).call()).isEmpty();
    assertThat(step.outcomes().get(0).observation().text())
        .isEqualTo("{\"error\": \"the call could not be read: it is no call\"}");
    assertThat(prices.executed()).isEmpty();
    assertThat(result.usage().toolCalls()).isZero();
  }

  @Test
  void should_turn_what_a_toolbox_throws_into_an_observation_without_its_message() {
    FakeToolbox broken =
        FakeToolbox.of(
            call -> {
              throw new IllegalStateException("password=hunter2");
            },
            "price");
    AgentResult result =
        Agent.builder()
            .roles(ScriptedRoles.create().call("price", MSFT).giveUp("no").roles())
            .tools(broken)
            .build()
            .run("task");

    assertThat(result.stopReason()).isEqualTo(StopReason.GAVE_UP);
    assertThat(result.trajectory().last().orElseThrow().outcomes().get(0).observation())
        .isEqualTo(new Observation(Observation.Status.FAILED, "{\"error\": \"the tool failed\"}"));
    assertThat(result.usage().toolCalls()).isOne();
  }

  @Test
  void should_end_with_the_reason_that_a_toolbox_gives() {
    FakeToolbox stopping =
        FakeToolbox.of(
            call -> {
              throw new RunStoppedException(StopReason.CONTEXT_FULL, "no room");
            },
            "price");
    AgentResult result =
        Agent.builder()
            .roles(ScriptedRoles.create().call("price", MSFT).roles())
            .tools(stopping)
            .build()
            .run("task");

    assertThat(result).hasToString("CONTEXT_FULL: no room");
    assertThat(result.tree().node(1).state()).isEqualTo(SearchTree.State.STOPPED);
  }

  @Test
  void should_end_when_a_toolbox_cannot_list_its_tools() {
    IllegalStateException down = new IllegalStateException("no connection");
    Toolbox broken =
        new Toolbox() {
          @Override
          public List<dev.langchain4j.agent.tool.ToolSpecification> specifications() {
            throw down;
          }

          @Override
          public Observation execute(ToolCall call, RunContext context) {
            return Observation.ok("");
          }
        };
    AgentResult result =
        Agent.builder()
            .roles(ScriptedRoles.create().roles())
            .tools(broken)
            .listener(events)
            .build()
            .run("task");

    assertThat(result.stopReason()).isEqualTo(StopReason.TOOLS_FAILED);
    assertThat(result.detail()).contains("no connection");
    assertThat(result.failure()).containsSame(down);
    assertThat(events.kinds()).containsExactly("Started", "Stopped");
  }

  @Test
  void should_go_on_when_a_listener_throws() {
    AgentResult result =
        Agent.builder()
            .roles(ScriptedRoles.create().call("price", MSFT).conclude("done").roles())
            .tools(prices)
            .listener(
                event -> {
                  throw new IllegalStateException("listener");
                })
            .listener(events)
            .build()
            .run("task");

    assertThat(result.answer()).contains("done");
    assertThat(events.kinds()).startsWith("Started").endsWith("Stopped");
  }

  @Test
  void should_refuse_a_blank_task() {
    Agent agent = agent(ScriptedRoles.create()).build();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> agent.run(" \n"))
        .withMessageStartingWith("task: ");
  }

  @Test
  void should_let_tools_ask_for_approval_and_tell_it() {
    Toolbox asking =
        new Toolbox() {
          @Override
          public List<dev.langchain4j.agent.tool.ToolSpecification> specifications() {
            return prices.specifications();
          }

          @Override
          public Observation execute(ToolCall call, RunContext context) {
            Approver.Answer answer = context.approve(call);
            return Observation.error(Observation.Status.REFUSED, answer.reason());
          }
        };
    AgentResult result =
        Agent.builder()
            .roles(ScriptedRoles.create().call("price", MSFT).giveUp("no").roles())
            .tools(asking)
            .approver(call -> Approver.Answer.no("too dear"))
            .listener(events)
            .build()
            .run("task");

    assertThat(result.trajectory().last().orElseThrow().outcomes().get(0).observation().text())
        .contains("too dear");
    assertThat(events.kinds()).containsSequence("Called", "Approved", "Observed");
    assertThat(result.usage().toolCalls()).isZero();
  }

  @Test
  void should_keep_concurrent_runs_of_one_agent_apart() throws Exception {
    Map<String, List<String>> tasksByRun = new ConcurrentHashMap<>();
    Roles echo =
        new Roles(
            (trajectory, tools, context) ->
                trajectory.steps().size() < 5
                    ? new Decision.Call(trajectory.task())
                    : new Decision.Conclude(""),
            (trajectory, plan, tools, context) ->
                new ToolCall("echo", Map.of("n", context.step(), "text", plan.rationale())),
            (trajectory, plan, tools, context) ->
                String.join(
                    ",",
                    trajectory.steps().stream()
                        .map(step -> step.outcomes().get(0).observation().text())
                        .toList()));
    Agent agent =
        Agent.builder()
            .roles(echo)
            .tools(FakeToolbox.of(call -> Observation.ok(call.argumentsJson()), "echo"))
            .listener(
                event -> {
                  if (event instanceof RunEvent.Planned planned) {
                    tasksByRun
                        .computeIfAbsent(event.runId(), id -> new ArrayList<>())
                        .add(planned.decision().rationale());
                  }
                })
            .build();

    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<AgentResult>> results = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        String task = "task" + i;
        results.add(threads.submit(() -> agent.run(task)));
      }
      for (int i = 0; i < 200; i++) {
        AgentResult result = results.get(i).get();
        assertThat(result.stopReason()).isEqualTo(StopReason.ANSWERED);
        assertThat(result.answer().orElseThrow().split("task" + i + "\"", -1)).hasSize(6);
        assertThat(result.usage().toolCalls()).isEqualTo(5);
        assertThat(tasksByRun.get(result.runId())).containsOnly("task" + i, "").hasSize(6);
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
