package io.github.alphaumi.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.alphaumi.core.testkit.FakeToolbox;
import io.github.alphaumi.core.testkit.ManualTicker;
import io.github.alphaumi.core.testkit.RecordingListener;
import io.github.alphaumi.core.testkit.ScriptedRoles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Runs that go on elsewhere, and calls that do not come back. */
class RunHandleTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final ManualTicker clock = new ManualTicker();
  private final CountDownLatch atWork = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private final CountDownLatch returned = new CountDownLatch(1);
  private final RecordingListener events = new RecordingListener();

  @AfterEach
  void end() {
    release.countDown();
    threads.shutdownNow();
  }

  /** Goes on until the test lets it, whatever interrupts it. */
  private void hang() {
    atWork.countDown();
    boolean done = false;
    while (!done) {
      try {
        release.await();
        done = true;
      } catch (InterruptedException e) {
        // This is what the agent has to live with.
      }
    }
  }

  private Agent.Builder agent(Roles roles) {
    return Agent.builder().roles(roles).executor(threads).ticker(clock).listener(events);
  }

  private Agent.Builder withHangingTool() {
    return agent(
            ScriptedRoles.create()
                .call("look", Map.of())
                .call("hang", Map.of())
                .answer("x")
                .roles())
        .tools(
            FakeToolbox.of(
                call -> {
                  if (call.name().equals("hang")) {
                    hang();
                    returned.countDown();
                  }
                  return Observation.ok("{\"price\": 417.2}");
                },
                "look",
                "hang"));
  }

  @Test
  void should_leave_a_tool_that_ignores_its_interrupt_when_cancelled() throws Exception {
    RunHandle handle = withHangingTool().build().start("task");
    atWork.await();
    assertThat(handle.isDone()).isFalse();
    assertThat(handle.trajectory().steps()).hasSize(1);
    assertThat(
            handle.tree().node(2).calls().stream()
                .flatMap(made -> made.call().stream())
                .findFirst())
        .contains(new ToolCall("hang", Map.of()));
    handle.cancel();
    AgentResult result = handle.await(LONG).orElseThrow();

    assertThat(returned.getCount()).isOne();
    assertThat(result.stopReason()).isEqualTo(StopReason.CANCELLED);
    assertThat(result.answer()).contains("{\"price\": 417.2}");
    assertThat(result.trajectory().steps())
        .extracting(step -> step.outcomes().get(0).observation().status())
        .containsExactly(Observation.Status.OK, Observation.Status.TIMED_OUT);
    assertThat(result.usage().toolCalls()).isEqualTo(2);
    assertThat(handle.isDone()).isTrue();
  }

  @Test
  void should_leave_a_model_that_ignores_its_interrupt_when_time_is_up() throws Exception {
    Planner stuck =
        (trajectory, tools, context) -> {
          hang();
          context.wrote(Role.PLANNER, "too late");
          context.repaired(Role.PLANNER, "too late");
          returned.countDown();
          return new Decision.GiveUp("");
        };
    RunHandle handle =
        agent(ScriptedRoles.create().roles().withPlanner(stuck))
            .budget(Budget.defaults().withTime(Duration.ofSeconds(10)))
            .build()
            .start("task");
    atWork.await();
    clock.advance(Duration.ofSeconds(10));
    AgentResult result = handle.await(LONG).orElseThrow();

    assertThat(result.stopReason()).isEqualTo(StopReason.TIME_LIMIT);
    assertThat(result.tree().node(1).state()).isEqualTo(SearchTree.State.STOPPED);
    release.countDown();
    returned.await();
    assertThat(events.kinds()).containsExactly("Started", "Offered", "Expanded", "Stopped");
  }

  @Test
  void should_leave_a_call_when_the_thread_of_the_run_is_interrupted() throws Exception {
    CompletableFuture<AgentResult> result = new CompletableFuture<>();
    CompletableFuture<Boolean> flag = new CompletableFuture<>();
    Agent agent = withHangingTool().build();
    Thread thread =
        new Thread(
            () -> {
              result.complete(agent.run("task"));
              flag.complete(Thread.currentThread().isInterrupted());
            });
    thread.start();
    atWork.await();
    thread.interrupt();

    assertThat(result.get().stopReason()).isEqualTo(StopReason.CANCELLED);
    assertThat(flag.get()).isTrue();
  }

  @Test
  void should_run_on_a_single_thread_when_there_is_no_other() {
    ExecutorService single = Executors.newSingleThreadExecutor();
    try {
      RunHandle handle =
          Agent.builder()
              .roles(ScriptedRoles.create().call("look", Map.of()).conclude("done").roles())
              .tools(FakeToolbox.of(call -> Observation.ok("{}"), "look"))
              .executor(single)
              .build()
              .start("task");

      assertThat(handle.await(LONG).orElseThrow().answer()).contains("done");
    } finally {
      single.shutdownNow();
    }
  }

  @Test
  void should_end_a_run_that_never_got_a_thread() {
    RunHandle handle =
        Agent.builder()
            .roles(ScriptedRoles.create().roles())
            .executor(task -> {})
            .build()
            .start("task");
    assertThat(handle.await(Duration.ZERO)).isEmpty();
    handle.cancel();

    assertThat(handle.await(Duration.ZERO).orElseThrow().stopReason())
        .isEqualTo(StopReason.CANCELLED);
  }

  @Test
  void should_not_let_anyone_complete_it_from_outside() throws Exception {
    RunHandle handle = withHangingTool().build().start("task");
    atWork.await();
    handle.completion().toCompletableFuture().complete(null);
    assertThat(handle.isDone()).isFalse();
    handle.cancel();

    assertThat(handle.completion().toCompletableFuture().get().stopReason())
        .isEqualTo(StopReason.CANCELLED);
  }

  @Test
  void should_keep_the_interrupt_of_who_waits_and_go_on() throws Exception {
    RunHandle handle = withHangingTool().build().start("task");
    atWork.await();
    Thread.currentThread().interrupt();

    assertThat(handle.await(LONG)).isEmpty();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(handle.isDone()).isFalse();
  }

  @Test
  void should_say_what_starting_needs() {
    Agent agent = Agent.builder().roles(ScriptedRoles.create().roles()).build();

    assertThatIllegalStateException()
        .isThrownBy(() -> agent.start("task"))
        .withMessageStartingWith("executor: not set");
  }

  /** Asks for a number of events at first, and for as many after each. */
  private static class Subscriber implements Flow.Subscriber<RunEvent> {
    final List<RunEvent> heard = new ArrayList<>();
    final CompletableFuture<String> end = new CompletableFuture<>();
    private final int first;
    private final int then;
    private Flow.Subscription subscription;

    Subscriber(int first, int then) {
      this.first = first;
      this.then = then;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription = given;
      given.request(first);
    }

    @Override
    public void onNext(RunEvent event) {
      heard.add(event);
      if (then > 0) {
        subscription.request(then);
      }
    }

    @Override
    public void onError(Throwable problem) {
      end.complete(problem.getMessage());
    }

    @Override
    public void onComplete() {
      end.complete("complete");
    }
  }

  private static Agent.Builder oneCall(RunListener listener) {
    return Agent.builder()
        .roles(ScriptedRoles.create().call("look", Map.of()).conclude("done").roles())
        .tools(FakeToolbox.of(call -> Observation.ok("{}"), "look"))
        .listener(listener);
  }

  @Test
  void should_tell_every_subscriber_all_events_in_order() throws Exception {
    RunHandle handle = oneCall(events).executor(threads).build().start("task");
    Subscriber early = new Subscriber(1, 1);
    handle.events().subscribe(early);
    handle.await(LONG).orElseThrow();
    Subscriber late = new Subscriber(3, 2);
    handle.events().subscribe(late);

    assertThat(early.end.get()).isEqualTo("complete");
    assertThat(late.end.get()).isEqualTo("complete");
    assertThat(early.heard).isEqualTo(events.events()).isEqualTo(late.heard);
  }

  @Test
  void should_not_give_more_than_was_asked_for() {
    RunHandle handle = oneCall(events).executor(Runnable::run).build().start("task");
    Subscriber two = new Subscriber(2, 0);
    handle.events().subscribe(two);

    assertThat(two.heard).hasSize(2);
    assertThat(two.end).isNotDone();
    two.subscription.request(1);
    assertThat(two.heard).hasSize(3);
    two.subscription.cancel();
    two.subscription.request(100);
    assertThat(two.heard).hasSize(3);
  }

  @Test
  void should_refuse_to_be_asked_for_nothing() {
    RunHandle handle = oneCall(events).executor(Runnable::run).build().start("task");
    Subscriber none = new Subscriber(0, 0);
    handle.events().subscribe(none);

    assertThat(none.end).isCompletedWithValue("request: 0 is less than 1 (rule 3.9)");
    assertThat(none.heard).isEmpty();
  }

  @Test
  void should_drop_a_subscriber_that_throws_and_not_the_others() {
    RunHandle handle = oneCall(events).executor(Runnable::run).build().start("task");
    Subscriber bad =
        new Subscriber(5, 0) {
          @Override
          public void onNext(RunEvent event) {
            super.onNext(event);
            throw new IllegalStateException("subscriber");
          }
        };
    handle.events().subscribe(bad);
    Subscriber good = new Subscriber(1, 1);
    handle.events().subscribe(good);

    assertThat(bad.heard).hasSize(1);
    assertThat(good.end).isCompletedWithValue("complete");
  }

  @Test
  void should_not_wait_for_a_slow_subscriber_and_tell_it_that_it_lost_the_thread()
      throws Exception {
    Planner talkative =
        (trajectory, tools, context) -> {
          hang();
          for (int i = 0; i < 2 * EventStream.KEPT; i++) {
            context.wrote(Role.PLANNER, "word");
          }
          return new Decision.GiveUp("");
        };
    RunHandle handle =
        agent(ScriptedRoles.create().roles().withPlanner(talkative)).build().start("task");
    atWork.await();
    Subscriber slow = new Subscriber(1, 0);
    handle.events().subscribe(slow);
    release.countDown();
    assertThat(handle.await(LONG)).isPresent();
    slow.subscription.request(1);

    assertThat(slow.end.get())
        .isEqualTo(
            "events: this subscriber is more than 1024 events behind; ask for more at a time, or"
                + " for the tree instead");
    Subscriber late = new Subscriber(10_000, 0);
    handle.events().subscribe(late);
    assertThat(late.end.get()).isEqualTo("complete");
    assertThat(late.heard).hasSize(EventStream.KEPT);
  }
}
