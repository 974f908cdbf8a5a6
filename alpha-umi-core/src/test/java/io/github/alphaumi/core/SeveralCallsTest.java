package io.github.alphaumi.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.langchain4j.agent.tool.ToolSpecification;
import io.github.alphaumi.core.Observation.Status;
import io.github.alphaumi.core.testkit.AgentAssertions;
import io.github.alphaumi.core.testkit.RecordingListener;
import io.github.alphaumi.core.testkit.ScriptedRoles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Steps with several calls, of which those that may be repeated run side by side. */
@Timeout(60)
class SeveralCallsTest {
  private final ExecutorService pool = Executors.newCachedThreadPool();
  private final RecordingListener events = new RecordingListener();
  private final List<String> done = new CopyOnWriteArrayList<>();
  private final List<String> keys = new CopyOnWriteArrayList<>();

  @AfterEach
  void end() throws InterruptedException {
    pool.shutdownNow();
    assertThat(pool.awaitTermination(30, TimeUnit.SECONDS)).as("no thread is left").isTrue();
  }

  /** Tools named {@code look…}, {@code set…} and others: read-only, idempotent, with effect. */
  private Toolbox tools(BiFunction<ToolCall, RunContext, Observation> code) {
    return new Toolbox() {
      @Override
      public List<ToolSpecification> specifications() {
        return Arrays.stream("look0 look1 look2 set0 set1 pay ship".split(" "))
            .map(name -> ToolSpecification.builder().name(name).build())
            .toList();
      }

      @Override
      public Effect effect(String tool) {
        return tool.startsWith("look")
            ? Effect.READ_ONLY
            : tool.startsWith("set") ? Effect.IDEMPOTENT : Effect.EFFECTFUL;
      }

      @Override
      public Observation execute(ToolCall call, RunContext context) {
        Observation observation = code.apply(call, context);
        done.add(call.name());
        keys.add(context.idempotencyKey());
        return observation;
      }
    };
  }

  private static Observation ok(ToolCall call) {
    return Observation.ok("{\"" + call.name() + "\": true}");
  }

  private static ToolCall call(String name) {
    return new ToolCall(name, Map.of());
  }

  private static Caller.Turn several(String... names) {
    return new Caller.Several(
        Arrays.stream(names).<Caller.Turn>map(SeveralCallsTest::call).toList());
  }

  private static ScriptedRoles script(Caller.Turn... turns) {
    ScriptedRoles roles = ScriptedRoles.create();
    for (Caller.Turn turn : turns) {
      roles.plan(() -> new Decision.Call("do it")).turn(() -> turn);
    }
    return roles.conclude("done");
  }

  private Agent.Builder agent(Toolbox tools, Caller.Turn... turns) {
    return Agent.builder()
        .roles(script(turns).roles())
        .tools(tools)
        .listener(events)
        .runIds(() -> "r");
  }

  private AgentResult run(Toolbox tools, Caller.Turn... turns) {
    return agent(tools, turns).executor(pool).build().run("task");
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Of the only step: each call's tool and status. */
  private static List<String> outcomes(AgentResult result) {
    return result.trajectory().steps().get(0).outcomes().stream()
        .map(
            outcome ->
                outcome.call().map(ToolCall::name).orElse("?")
                    + " "
                    + outcome.observation().status())
        .toList();
  }

  private static String text(AgentResult result, int call) {
    return result.trajectory().steps().get(0).outcomes().get(call).observation().text();
  }

  private List<Integer> observed() {
    return events.events().stream()
        .filter(RunEvent.Observed.class::isInstance)
        .map(event -> event.origin().call())
        .toList();
  }

  @Test
  void calls_run_at_the_same_time_and_keep_their_order_though_they_end_in_another() {
    List<CountDownLatch> over =
        List.of(new CountDownLatch(1), new CountDownLatch(1), new CountDownLatch(1));
    CountDownLatch begun = new CountDownLatch(3);
    RunListener opens =
        event -> {
          if (event instanceof RunEvent.Observed) {
            over.get(event.origin().call()).countDown();
          }
        };
    Toolbox tools =
        tools(
            (call, context) -> {
              begun.countDown();
              await(begun);
              if (context.call() < 2) {
                await(over.get(context.call() + 1));
              }
              return ok(call);
            });
    AgentResult result =
        agent(tools, several("look0", "set0", "look1"))
            .listener(opens)
            .executor(pool)
            .build()
            .run("task");

    assertThat(done).containsExactly("look1", "set0", "look0");
    assertThat(observed()).containsExactly(2, 1, 0);
    AgentAssertions.assertThat(result)
        .trajectory()
        .calledInOrder("look0", "set0", "look1")
        .observed(Status.OK, Status.OK, Status.OK);
    AgentAssertions.assertThat(result).tree().isWellFormed();
    assertThat(text(result, 1)).isEqualTo("{\"set0\": true}");
    assertThat(result.tree().node(1).calls())
        .extracting(made -> made.call().orElseThrow().name())
        .containsExactly("look0", "set0", "look1");
    assertThat(result.usage().toolCalls()).isEqualTo(3);
    assertThat(keys).containsExactly("r-1.3", "r-1.2", "r-1");
  }

  @Test
  void without_an_executor_they_run_one_after_the_other() {
    Thread own = Thread.currentThread();
    Toolbox tools =
        tools(
            (call, context) -> {
              assertThat(Thread.currentThread()).isSameAs(own);
              return ok(call);
            });
    AgentResult result = agent(tools, several("look2", "set0", "look0")).build().run("task");

    assertThat(done).containsExactly("look2", "set0", "look0");
    assertThat(observed()).containsExactly(0, 1, 2);
    AgentAssertions.assertThat(result).trajectory().calledInOrder("look2", "set0", "look0");
  }

  @Test
  void a_call_with_an_effect_runs_alone_and_in_its_place() {
    AtomicInteger running = new AtomicInteger();
    CyclicBarrier pair = new CyclicBarrier(2);
    Toolbox tools =
        tools(
            (call, context) -> {
              int others = running.getAndIncrement();
              try {
                if (call.name().matches("look.|set.")) {
                  pair.await(30, TimeUnit.SECONDS);
                } else {
                  assertThat(others).as("beside " + call.name()).isZero();
                }
              } catch (Exception e) {
                throw new IllegalStateException(e);
              } finally {
                running.getAndDecrement();
              }
              return ok(call);
            });
    AgentResult result = run(tools, several("look0", "look1", "pay", "ship", "look2", "set0"));

    assertThat(done.subList(2, 4)).containsExactly("pay", "ship");
    assertThat(done.subList(0, 2)).containsExactlyInAnyOrder("look0", "look1");
    assertThat(outcomes(result))
        .containsExactly("look0 OK", "look1 OK", "pay OK", "ship OK", "look2 OK", "set0 OK");
  }

  @Test
  void after_a_change_that_did_not_work_later_changes_are_not_made() {
    Toolbox tools =
        tools(
            (call, context) ->
                call.name().equals("pay")
                    ? Observation.error(Status.FAILED, "no money")
                    : ok(call));
    AgentResult result = run(tools, several("pay", "look0", "ship", "set0", "look1"));

    assertThat(outcomes(result))
        .containsExactly("pay FAILED", "look0 OK", "ship REFUSED", "set0 REFUSED", "look1 OK");
    assertThat(done).doesNotContain("ship", "set0");
    assertThat(text(result, 2)).contains("because pay before it in the same step did not work");
    assertThat(result.usage().toolCalls()).isEqualTo(3);
  }

  @Test
  void what_cannot_be_made_does_not_take_the_others_with_it() {
    Toolbox tools =
        tools(
            (call, context) ->
                call.name().equals("nothing")
                    ? Observation.error(Status.INVALID, "there is no tool nothing")
                    : call.name().equals("ship")
                        ? Observation.error(Status.REFUSED, "not today")
                        : ok(call));
    AgentResult result =
        run(
            tools,
            new Caller.Several(
                List.of(
                    call("nothing"),
                    new Caller.Unreadable("{{", "no JSON"),
                    call("ship"),
                    call("pay"),
                    call("look0"))));

    assertThat(outcomes(result))
        .containsExactly("nothing INVALID", "? INVALID", "ship REFUSED", "pay OK", "look0 OK");
    assertThat(text(result, 1)).contains("the call could not be read: no JSON");
    AgentAssertions.assertThat(result).tree().isWellFormed();
  }

  @Test
  void a_failure_or_an_exception_of_one_leaves_the_others_alone() {
    CountDownLatch failed = new CountDownLatch(1);
    Toolbox tools =
        tools(
            (call, context) -> {
              if (call.name().equals("look0")) {
                failed.countDown();
                throw new IllegalStateException("out of order");
              }
              await(failed);
              return ok(call);
            });
    assertThat(outcomes(run(tools, several("look0", "look1"))))
        .containsExactly("look0 FAILED", "look1 OK");
  }

  @Test
  void the_same_call_twice_is_made_once() {
    AgentResult result =
        run(
            tools((call, context) -> ok(call)),
            several("look0", "look0", "pay", "pay"),
            call("pay"));
    assertThat(outcomes(result))
        .containsExactly("look0 OK", "look0 REPEATED", "pay OK", "pay REPEATED");
    assertThat(done).containsExactly("look0", "pay");
    AgentAssertions.assertThat(result)
        .trajectory()
        .observed(Status.OK, Status.REPEATED, Status.OK, Status.REPEATED, Status.REPEATED);
  }

  @Test
  void each_call_counts_and_what_was_made_before_the_limit_is_kept() {
    Toolbox tools = tools((call, context) -> ok(call));
    AgentResult result =
        agent(tools, several("look0", "look1", "look2", "pay"))
            .executor(pool)
            .budget(Budget.defaults().withToolCalls(2))
            .build()
            .run("task");

    assertThat(result.stopReason()).isEqualTo(StopReason.TOOL_CALL_LIMIT);
    assertThat(outcomes(result))
        .containsExactly("look0 OK", "look1 OK", "look2 REFUSED", "pay REFUSED");
    assertThat(text(result, 3)).contains("no more calls of tools are allowed");
    assertThat(result.usage().toolCalls()).isEqualTo(2);
    assertThat(result.answer()).as("a partial answer").isPresent();
  }

  @Test
  void cancelling_reaches_all_that_run_and_starts_no_more() {
    Cancellation cancellation = Cancellation.create();
    CountDownLatch begun = new CountDownLatch(2);
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(2);
    Toolbox tools =
        tools(
            (call, context) -> {
              begun.countDown();
              try {
                if (call.name().equals("look1")) {
                  begun.await();
                  cancellation.cancel();
                }
                never.await();
                throw new AssertionError("nothing opens it");
              } catch (InterruptedException e) {
                interrupted.countDown();
                throw new IllegalStateException("interrupted", e);
              }
            });
    AgentResult result =
        agent(tools, several("look1", "look2", "pay"))
            .executor(pool)
            .build()
            .run("task", cancellation);

    await(interrupted);
    assertThat(result.stopReason()).isEqualTo(StopReason.CANCELLED);
    assertThat(outcomes(result))
        .containsExactly("look1 TIMED_OUT", "look2 TIMED_OUT", "pay REFUSED");
    assertThat(done).isEmpty();
  }

  @Test
  void what_came_back_before_the_cancellation_is_kept() {
    Cancellation cancellation = Cancellation.create();
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    RunListener cancels =
        event -> {
          if (event instanceof RunEvent.Observed) {
            cancellation.cancel();
          }
        };
    Toolbox tools =
        tools(
            (call, context) -> {
              if (call.name().equals("look1")) {
                await(begun);
                return ok(call);
              }
              begun.countDown();
              try {
                never.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              throw new IllegalStateException("interrupted");
            });
    AgentResult result =
        agent(tools, several("look0", "look1"))
            .listener(cancels)
            .executor(pool)
            .build()
            .run("task", cancellation);
    assertThat(outcomes(result)).containsExactly("look0 TIMED_OUT", "look1 OK");
    assertThat(result.stopReason()).isEqualTo(StopReason.CANCELLED);
    assertThat(result.answer()).hasValue("{\"look1\": true}");
  }

  @Test
  void a_pool_that_is_full_of_the_run_itself_makes_them_one_after_the_other() throws Exception {
    ExecutorService one = Executors.newSingleThreadExecutor();
    try {
      Agent agent =
          agent(tools((call, context) -> ok(call)), several("look0", "look1", "look2"))
              .executor(one)
              .build();
      AgentResult result = one.submit(() -> agent.run("task")).get(30, TimeUnit.SECONDS);
      assertThat(outcomes(result)).containsExactly("look0 OK", "look1 OK", "look2 OK");
      assertThat(done).containsExactly("look0", "look1", "look2");
    } finally {
      one.shutdownNow();
    }
  }

  @Test
  void an_executor_that_takes_nothing_is_done_without() {
    pool.shutdown();
    AgentResult result =
        run(tools((call, context) -> ok(call)), several("look0", "look1", "look2"));
    assertThat(outcomes(result)).containsExactly("look0 OK", "look1 OK", "look2 OK");
  }

  @Test
  void people_are_asked_for_one_call_at_a_time_and_what_they_change_is_made() {
    AtomicInteger asking = new AtomicInteger();
    List<String> asked = new ArrayList<>();
    Approver approver =
        call -> {
          assertThat(asking.getAndIncrement()).as("asked at the same time").isZero();
          asked.add(call.name());
          asking.getAndDecrement();
          return call.name().equals("set0")
              ? Approver.Answer.edit(Map.of("by", "hand"))
              : call.name().equals("set1") ? Approver.Answer.no("no") : Approver.Answer.yes();
        };
    Toolbox tools =
        tools(
            (call, context) -> {
              Approver.Answer answer = context.approve(call);
              return answer.approved() ? ok(call) : Observation.error(Status.REFUSED, "denied");
            });
    AgentResult result =
        agent(tools, several("set0", "set1", "look0"))
            .approver(approver)
            .executor(pool)
            .build()
            .run("task");

    assertThat(outcomes(result)).containsExactly("set0 OK", "set1 REFUSED", "look0 OK");
    assertThat(asked).containsExactlyInAnyOrder("set0", "set1", "look0");
    ToolCall edited = new ToolCall("set0", Map.of("by", "hand"));
    assertThat(result.trajectory().steps().get(0).outcomes().get(0).call()).hasValue(edited);
    assertThat(result.tree().node(1).calls().get(0).call()).hasValue(edited);
  }

  @Test
  void a_search_tells_siblings_of_all_calls_and_makes_none_with_an_effect_again() {
    List<List<Trajectory.Attempt>> told = new ArrayList<>();
    Roles roles =
        new Roles(
            (trajectory, tools, context) -> {
              told.add(trajectory.tried(0));
              if (!trajectory.steps().isEmpty()) {
                return trajectory.steps().get(0).plan().rationale().equals("again")
                    ? new Decision.Conclude("")
                    : new Decision.GiveUp("no");
              }
              return new Decision.Call(trajectory.tried(0).isEmpty() ? "first" : "again");
            },
            (trajectory, plan, tools, context) -> several("look0", "pay"),
            (trajectory, plan, tools, context) -> "done");
    AgentResult result =
        Agent.builder()
            .roles(roles)
            .tools(tools((call, context) -> ok(call)))
            .search(Search.depthFirst())
            .executor(pool)
            .build()
            .run("task");

    assertThat(told.get(2)).hasSize(1);
    assertThat(told.get(2).get(0).outcomes()).hasSize(2);
    assertThat(ModelMessages.tried(told.get(2)))
        .contains("look0 {} gave: {\"look0\": true}; pay {} gave: {\"pay\": true}");
    assertThat(outcomes(result)).containsExactly("look0 OK", "pay REUSED");
    assertThat(done).containsExactly("look0", "pay", "look0");
  }

  @Test
  void agents_that_are_asked_side_by_side_have_runs_of_their_own() {
    Agent inner =
        Agent.builder()
            .name("inner")
            .roles(
                new Roles(
                    (trajectory, tools, context) -> new Decision.Conclude(""),
                    (trajectory, plan, tools, context) -> call("none"),
                    (trajectory, plan, tools, context) -> trajectory.task() + context.runId()))
            .build();
    Toolbox tools =
        tools(
            (call, context) ->
                Observation.ok(context.run(inner, call.name()).answer().orElse("nothing")));
    AgentResult result = run(tools, several("look0", "look1", "look2"));
    assertThat(result.trajectory().steps().get(0).outcomes())
        .extracting(outcome -> outcome.observation().text())
        .containsExactly("look0r/1.1", "look1r/1.2.1", "look2r/1.3.1");
    assertThat(result.tree().node(1).agents())
        .extracting(SearchTree::task)
        .containsExactlyInAnyOrder("look0", "look1", "look2");
  }

  @Test
  void reports_show_all_calls_and_are_read_back() {
    Toolbox tools =
        tools(
            (call, context) ->
                call.name().equals("look1")
                    ? Observation.error(Status.FAILED, "broken")
                    : ok(call));
    AgentResult result =
        run(
            tools,
            new Caller.Several(
                List.of(call("look0"), new Caller.Unreadable("{{", "no JSON"), call("look1"))));
    RunReport report = RunReport.of(result);

    assertThat(RunReport.fromJson(report.toJson()).tree()).isEqualTo(result.tree());
    assertThat(report.toHtml())
        .contains("<h3>call 1</h3>", "<h3>observation 3: failed</h3>", "look0 {}; look1 {}");
    assertThat(report.toMermaid()).contains("look0");
    assertThat(result.tree().toString())
        .contains("| look0 {} | {\"look0\": true} | {\"error\": \"the call could not be read: no");
    RunReport read = RunReport.fromAnswerFile(report.toAnswerFile());
    assertThat(read.tree().nodes())
        .flatExtracting(SearchTree.Node::calls)
        .extracting(made -> made.call().map(ToolCall::name).orElse("?"))
        .containsExactly("look0", "?", "look1");
  }

  @Test
  void several_are_at_least_two_and_each_is_one() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Caller.Several(List.of(call("look0"))))
        .withMessageContaining("at least two");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Caller.Several(List.of(call("look0"), several("look0", "look1"))));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Step.of(new Decision.Call(""), List.of()));
    assertThat(call("look0").calls()).containsExactly(call("look0"));
    assertThat(Optional.of(several("look0", "look1")).orElseThrow().calls()).hasSize(2);
  }
}
