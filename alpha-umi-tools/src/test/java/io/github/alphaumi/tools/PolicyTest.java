package io.github.alphaumi.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.Tool;
import io.github.alphaumi.core.Agent;
import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.core.Effect;
import io.github.alphaumi.core.Observation;
import io.github.alphaumi.core.Observation.Status;
import io.github.alphaumi.core.PromptFormat;
import io.github.alphaumi.core.Roles;
import io.github.alphaumi.core.ToolCall;
import io.github.alphaumi.core.Toolbox;
import io.github.alphaumi.core.testkit.FakeRunContext;
import io.github.alphaumi.core.testkit.ManualTicker;
import io.github.alphaumi.core.testkit.ScriptedTextModel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Policies on a clock that the test moves: nothing here waits for time to pass. */
@Timeout(30)
class PolicyTest {
  private static final Duration LONG = Duration.ofHours(1);

  static class Shop {
    final AtomicInteger calls = new AtomicInteger();
    final CountDownLatch entered = new CountDownLatch(1);
    final CountDownLatch release = new CountDownLatch(1);
    volatile int failures;

    @Tool
    @Policy(effect = Effect.READ_ONLY)
    String price(String item) {
      if (calls.incrementAndGet() <= failures) {
        throw new IllegalStateException("temporary");
      }
      return "price " + calls + " of " + item;
    }

    @Tool
    String order(String item) {
      calls.incrementAndGet();
      throw new IllegalStateException("temporary");
    }

    @Tool
    @Policy(effect = Effect.IDEMPOTENT)
    String refuse() {
      calls.incrementAndGet();
      throw new ToolException("there is no such item");
    }

    @Tool
    @Policy(effect = Effect.READ_ONLY)
    String hold() throws InterruptedException {
      entered.countDown();
      release.await();
      return "held";
    }

    @Tool
    Map<String, Object> customer() {
      return Map.of(
          "name", "Ann", "iban", "AT61", "orders", List.of(Map.of("id", 7, "card", "4111")));
    }

    @Tool
    String who(ToolContext context) {
      return context.runId() + " " + context.step() + " " + context.cancellation().isCancelled();
    }
  }

  private final Shop shop = new Shop();
  private final ManualTicker ticker = new ManualTicker();
  private final FakeRunContext context = new FakeRunContext().withTimeLeft(LONG);

  private Toolbox with(String tool, ToolPolicy policy) {
    return AnnotatedTools.builder().add(shop).ticker(ticker).policy(tool, policy).build();
  }

  private Observation call(Toolbox tools, String tool, Map<String, Object> arguments) {
    return tools.execute(new ToolCall(tool, arguments), context);
  }

  private static ToolPolicy readOnly() {
    return ToolPolicy.defaults().withEffect(Effect.READ_ONLY).withTimeout(LONG);
  }

  /**
   * Runs a call elsewhere while this thread moves the clock on until it is over; a hundred times as
   * fast as time passes, so that a busy machine does not miss the hour that a call may take.
   */
  private Observation whileTimePasses(Toolbox tools, String tool, Map<String, Object> arguments)
      throws Exception {
    FutureTask<Observation> task = new FutureTask<>(() -> call(tools, tool, arguments));
    Thread thread = new Thread(task);
    thread.start();
    while (!task.isDone()) {
      ticker.advance(Duration.ofMillis(100));
      LockSupport.parkNanos(1_000_000);
    }
    return task.get();
  }

  @Test
  void should_tell_the_effect_of_a_tool() {
    Toolbox tools = AnnotatedTools.of(shop);
    assertThat(tools.effect("price")).isEqualTo(Effect.READ_ONLY);
    assertThat(tools.effect("order")).isEqualTo(Effect.EFFECTFUL);
    assertThat(tools.effect("nothing")).isEqualTo(Effect.EFFECTFUL);
  }

  @Test
  void should_try_a_failing_read_again_and_wait_longer_each_time() throws Exception {
    shop.failures = 2;
    Toolbox tools = with("price", readOnly().withAttempts(3, Duration.ofSeconds(1)));
    long before = ticker.getAsLong();
    Observation observation = whileTimePasses(tools, "price", Map.of("item", "a"));
    assertThat(observation).isEqualTo(Observation.ok("{\"result\": \"price 3 of a\"}"));
    assertThat(Duration.ofNanos(ticker.getAsLong() - before)).isGreaterThan(Duration.ofSeconds(3));
  }

  @Test
  void should_give_up_after_the_last_attempt() throws Exception {
    shop.failures = 9;
    Toolbox tools = with("price", readOnly().withAttempts(3, Duration.ofSeconds(1)));
    Observation observation = whileTimePasses(tools, "price", Map.of("item", "a"));
    assertThat(observation.status()).isEqualTo(Status.FAILED);
    assertThat(shop.calls).hasValue(3);
  }

  @Test
  void should_not_try_again_what_the_tool_answered() {
    Toolbox tools = with("refuse", readOnly().withAttempts(3, Duration.ofSeconds(1)));
    assertThat(call(tools, "refuse", Map.of()).text()).contains("there is no such item");
    assertThat(shop.calls).hasValue(1);
  }

  @Test
  void should_refuse_to_repeat_or_to_leave_out_effects() {
    ToolPolicy careless =
        ToolPolicy.defaults().withAttempts(2, Duration.ofSeconds(1)).withCache(LONG);
    assertThatThrownBy(() -> with("order", careless))
        .isInstanceOf(AlphaUmiException.class)
        .hasMessageContaining("tool 'order': 2 attempts would repeat an effect")
        .hasMessageContaining("tool 'order': a cache would leave out an effect");
    assertThatThrownBy(() -> with("who", readOnly().withCache(LONG)))
        .hasMessageContaining("may depend on its ToolContext");
  }

  @Test
  void should_answer_from_the_cache_until_the_time_is_over() {
    Toolbox tools = with("price", readOnly().withCache(Duration.ofMinutes(5)));
    assertThat(call(tools, "price", Map.of("item", "a")).text()).contains("price 1 of a");
    assertThat(call(tools, "price", Map.of("item", "a")).text()).contains("price 1 of a");
    assertThat(call(tools, "price", Map.of("item", "b")).text()).contains("price 2 of b");
    ticker.advance(Duration.ofMinutes(6));
    assertThat(call(tools, "price", Map.of("item", "a")).text()).contains("price 3 of a");
  }

  @Test
  void should_not_cache_failures() {
    shop.failures = 1;
    Toolbox tools = with("price", readOnly().withCache(LONG));
    assertThat(call(tools, "price", Map.of("item", "a")).status()).isEqualTo(Status.FAILED);
    assertThat(call(tools, "price", Map.of("item", "a")).status()).isEqualTo(Status.OK);
  }

  @Test
  void should_hold_calls_back_to_the_rate() throws Exception {
    Toolbox tools = with("price", readOnly().withRate(2, Duration.ofMinutes(1)));
    call(tools, "price", Map.of("item", "a"));
    call(tools, "price", Map.of("item", "b"));
    assertThat(ticker.getAsLong()).isZero();
    assertThat(whileTimePasses(tools, "price", Map.of("item", "c")).status()).isEqualTo(Status.OK);
    assertThat(Duration.ofNanos(ticker.getAsLong())).isGreaterThanOrEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void should_refuse_a_call_that_the_rate_would_hold_back_too_long() throws Exception {
    ToolPolicy policy =
        readOnly().withRate(1, Duration.ofMinutes(1)).withTimeout(Duration.ofSeconds(10));
    Toolbox tools = with("price", policy);
    call(tools, "price", Map.of("item", "a"));
    FutureTask<Observation> late =
        new FutureTask<>(() -> call(tools, "price", Map.of("item", "b")));
    Thread thread = new Thread(late);
    thread.start();
    while (thread.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    ticker.advance(Duration.ofSeconds(11));
    assertThat(late.get().status()).isEqualTo(Status.REFUSED);
    assertThat(shop.calls).hasValue(1);
  }

  @Test
  void should_let_so_many_calls_in_at_a_time() throws Exception {
    Toolbox tools = with("hold", readOnly().withConcurrency(1));
    FutureTask<Observation> first = new FutureTask<>(() -> call(tools, "hold", Map.of()));
    new Thread(first).start();
    shop.entered.await();
    FutureTask<Observation> second = new FutureTask<>(() -> call(tools, "hold", Map.of()));
    new Thread(second).start();
    shop.release.countDown();
    assertThat(first.get().status()).isEqualTo(Status.OK);
    assertThat(second.get().status()).isEqualTo(Status.OK);
  }

  @Test
  void should_count_a_stuck_call_as_one_that_is_at_work() throws Exception {
    ToolPolicy policy = readOnly().withConcurrency(1).withTimeout(Duration.ofSeconds(5));
    Toolbox tools = with("hold", policy);
    FutureTask<Observation> stuck = new FutureTask<>(() -> call(tools, "hold", Map.of()));
    new Thread(stuck).start();
    shop.entered.await();
    // The tool may be at work before its time limit has begun.
    while (!stuck.isDone()) {
      ticker.advance(Duration.ofSeconds(6));
      Thread.yield();
    }
    assertThat(stuck.get().status()).isEqualTo(Status.TIMED_OUT);
  }

  @Test
  void should_end_a_wait_when_the_run_is_cancelled() {
    Toolbox tools = with("price", readOnly().withRate(1, LONG));
    call(tools, "price", Map.of("item", "a"));
    context.cancellation().cancel();
    assertThat(call(tools, "price", Map.of("item", "b")).status()).isEqualTo(Status.REFUSED);
  }

  @Test
  void should_take_members_out_of_results_at_any_depth() {
    Toolbox tools = with("customer", ToolPolicy.defaults().withRedacted("iban", "card"));
    assertThat(call(tools, "customer", Map.of()).text())
        .contains("Ann", "\"id\": 7", "\"iban\": \"[redacted]\"", "\"card\": \"[redacted]\"")
        .doesNotContain("AT61", "4111");
  }

  @Test
  void should_fill_in_the_context() {
    Toolbox tools = AnnotatedTools.of(shop);
    assertThat(call(tools, "who", Map.of()).text()).contains("run 1 false");
  }

  @Test
  void should_refuse_arguments_that_are_too_long_or_too_deep_and_say_so() {
    Shop shop = new Shop();
    Toolbox tools =
        AnnotatedTools.builder()
            .add(shop)
            .policy("price", ToolPolicy.defaults().withMaxArgumentChars(1_000))
            .build();
    Observation tooLong =
        tools.execute(
            new ToolCall("price", Map.of("item", "x".repeat(1_001))), new FakeRunContext());
    assertThat(tooLong.status()).isEqualTo(Status.INVALID);
    assertThat(tooLong.text())
        .contains("the arguments have 1,006 characters and the most is 1,000; say the same in less")
        .hasSizeLessThan(1_000);

    Object deep = "x";
    for (int i = 0; i < 200; i++) {
      deep = List.of(deep);
    }
    Observation tooDeep =
        tools.execute(new ToolCall("price", Map.of("item", deep)), new FakeRunContext());
    assertThat(tooDeep.status()).isEqualTo(Status.INVALID);
    assertThat(tooDeep.text()).contains("the arguments are nested too deep");
    assertThat(shop.calls).hasValue(0);
  }

  static class Report {
    @Tool
    @Policy(maxResultShare = 0.05, maxResultChars = 1_000_000)
    String report() {
      return "word ".repeat(20_000);
    }
  }

  /** How many words of the report the planner reads after the call. */
  private static int wordsRead(AnnotatedTools.Builder tools, int window) {
    ScriptedTextModel model =
        new ScriptedTextModel()
            .withContextWindow(window)
            .writes("Read it. Next: caller.")
            .writes("Action: report\nAction Input: {}")
            .writes("It is known. Next: conclusion.")
            .writes("Done.");
    Agent.builder()
        .roles(Roles.tuned(model, PromptFormat.compact()))
        .tools(tools.build())
        .build()
        .run("task");
    return model.requests().get(2).prompt().text().split("word ", -1).length - 1;
  }

  @Test
  void should_show_as_much_of_a_result_as_its_share_of_the_window_holds() {
    int written = wordsRead(AnnotatedTools.builder().add(new Report()), 8_192);
    int larger = wordsRead(AnnotatedTools.builder().add(new Report()), 32_768);
    assertThat(written).isPositive();
    assertThat((double) larger / written).isBetween(3.0, 6.0);
    ToolPolicy half = ToolPolicy.defaults().withMaxResultShare(0.5).withMaxResultChars(1_000_000);
    int given = wordsRead(AnnotatedTools.builder().add(new Report()).policy("report", half), 8_192);
    assertThat((double) given / written).as("the builder wins").isBetween(7.0, 15.0);
  }

  @Test
  void should_say_what_is_wrong_with_a_share() {
    for (double share : new double[] {0, -0.1, 1.5, Double.NaN}) {
      assertThatThrownBy(() -> ToolPolicy.defaults().withMaxResultShare(share))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "maxResultShare: " + share + " is not above 0 and up to 1, such as 0.1 for a tenth");
    }
  }
}
