package io.github.alphaumi.tools;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.Tool;
import io.github.alphaumi.core.Approver;
import io.github.alphaumi.core.Observation;
import io.github.alphaumi.core.Observation.Status;
import io.github.alphaumi.core.ToolCall;
import io.github.alphaumi.core.Toolbox;
import io.github.alphaumi.core.testkit.FakeRunContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ExecutionTest {
  /** Long enough for a thread to start on a busy machine. */
  private static final Duration SHORT = Duration.ofMillis(400);

  static class Work {
    final CountDownLatch started = new CountDownLatch(1);
    final CountDownLatch release = new CountDownLatch(1);
    final CountDownLatch interrupted = new CountDownLatch(1);
    final List<String> refunds = new ArrayList<>();

    @Tool
    void hang() throws InterruptedException {
      started.countDown();
      try {
        release.await();
      } catch (InterruptedException e) {
        interrupted.countDown();
        throw e;
      }
    }

    @Tool
    void ignoreInterrupts() {
      started.countDown();
      while (release.getCount() > 0) {
        try {
          release.await();
        } catch (InterruptedException e) {
          interrupted.countDown();
        }
      }
    }

    @Tool
    String thread() {
      return Thread.currentThread().getName() + " " + Thread.currentThread().isDaemon();
    }

    @Tool
    String run(ToolContext context) {
      return context.runId();
    }

    @Tool
    @Policy(approval = true)
    String refund(String orderId, int cents) {
      refunds.add(orderId + " " + cents);
      return "refunded";
    }

    @Tool
    void fail() {
      throw new IllegalStateException("password=hunter2");
    }

    @Tool
    @Policy(exposeErrors = true)
    void failOpenly() {
      throw new IllegalStateException("no such order");
    }

    @Tool
    void tell() {
      throw new ToolException("order numbers have six digits");
    }

    @Tool
    void breakDown() {
      throw new StackOverflowError("password=hunter2");
    }
  }

  private final Work work = new Work();
  private final FakeRunContext context = new FakeRunContext(call -> Approver.Answer.yes());

  @AfterEach
  void release() {
    work.release.countDown();
  }

  private Observation execute(Toolbox tools, String name) {
    return tools.execute(new ToolCall(name, Map.of()), context);
  }

  private Toolbox withTimeout(String tool, Duration timeout) {
    return AnnotatedTools.builder()
        .add(work)
        .policy(tool, ToolPolicy.defaults().withTimeout(timeout))
        .build();
  }

  @Test
  void should_give_up_and_interrupt_a_tool_that_takes_too_long() throws Exception {
    Observation observation = execute(withTimeout("hang", SHORT), "hang");
    assertThat(observation.status()).isEqualTo(Status.TIMED_OUT);
    assertThat(observation.text()).contains("whether it had an effect is unknown");
    assertThat(work.interrupted.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void should_not_be_held_by_a_tool_that_ignores_interrupts() throws Exception {
    Toolbox tools = withTimeout("ignoreInterrupts", SHORT);
    assertThat(execute(tools, "ignoreInterrupts").status()).isEqualTo(Status.TIMED_OUT);
    assertThat(work.interrupted.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(execute(tools, "run").status()).isEqualTo(Status.OK);
  }

  @Test
  void should_wait_no_longer_than_the_run_has_time() {
    context.withTimeLeft(SHORT);
    assertThat(execute(withTimeout("hang", Duration.ofHours(1)), "hang").status())
        .isEqualTo(Status.TIMED_OUT);
  }

  @Test
  void should_take_the_limit_from_the_annotation() {
    Object hasty =
        new Object() {
          @Tool
          @Policy(timeoutMillis = 30)
          void hang() throws InterruptedException {
            work.release.await();
          }
        };
    assertThat(execute(AnnotatedTools.of(hasty), "hang").status()).isEqualTo(Status.TIMED_OUT);
  }

  @Test
  void should_stop_waiting_when_the_run_is_cancelled() throws Exception {
    Thread canceller =
        new Thread(
            () -> {
              try {
                work.started.await();
              } catch (InterruptedException e) {
                return;
              }
              context.cancellation().cancel();
            });
    canceller.start();
    Observation observation = execute(AnnotatedTools.of(work), "hang");
    canceller.join();
    assertThat(observation.status()).isEqualTo(Status.TIMED_OUT);
    assertThat(observation.text()).contains("the run was cancelled while the tool was at work");
  }

  @Test
  void should_start_nothing_in_a_run_that_has_ended() {
    context.withTimeLeft(Duration.ZERO);
    assertThat(execute(AnnotatedTools.of(work), "hang").status()).isEqualTo(Status.REFUSED);
    context.withTimeLeft(Duration.ofMinutes(1));
    context.cancellation().cancel();
    assertThat(execute(AnnotatedTools.of(work), "hang").status()).isEqualTo(Status.REFUSED);
    assertThat(work.started.getCount()).isEqualTo(1);
  }

  @Test
  void should_keep_the_interrupt_of_the_calling_thread() throws Exception {
    Thread caller = Thread.currentThread();
    Thread interrupter =
        new Thread(
            () -> {
              try {
                work.started.await();
              } catch (InterruptedException e) {
                return;
              }
              caller.interrupt();
            });
    interrupter.start();
    Observation observation = execute(AnnotatedTools.of(work), "hang");
    assertThat(Thread.interrupted()).isTrue();
    interrupter.join();
    assertThat(observation.status()).isEqualTo(Status.TIMED_OUT);
    assertThat(work.interrupted.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void should_run_tools_on_daemon_threads_with_a_name() {
    assertThat(execute(AnnotatedTools.of(work), "thread").text())
        .isEqualTo("{\"result\": \"alpha-umi-tool-1 true\"}");
  }

  @Test
  void should_run_tools_on_the_executor_given() {
    Toolbox tools = AnnotatedTools.builder().add(work).executor(Runnable::run).build();
    assertThat(execute(tools, "thread").text())
        .contains("\"" + Thread.currentThread().getName() + " ");
  }

  @Test
  void should_say_that_nothing_ran_if_no_thread_is_free() {
    List<Runnable> waiting = new ArrayList<>();
    Toolbox never =
        AnnotatedTools.builder()
            .add(work)
            .executor(waiting::add)
            .policy("refund", ToolPolicy.defaults().withTimeout(SHORT))
            .build();
    ToolCall refund = Calls.call("refund", "{\"orderId\": \"A\", \"cents\": 1}");
    assertThat(never.execute(refund, context).status()).isEqualTo(Status.REFUSED);
    waiting.forEach(Runnable::run);
    assertThat(work.refunds).isEmpty();
    Toolbox full =
        AnnotatedTools.builder()
            .add(work)
            .executor(
                task -> {
                  throw new RejectedExecutionException("full");
                })
            .build();
    assertThat(execute(full, "thread"))
        .isEqualTo(
            new Observation(
                Status.REFUSED, "{\"error\": \"the tool is busy and was not started\"}"));
  }

  @Test
  void should_give_the_tool_the_context_of_the_run() {
    assertThat(execute(AnnotatedTools.of(work), "run").text()).contains("run");
  }

  @Test
  void should_keep_messages_of_exceptions_from_the_model() {
    Toolbox tools = AnnotatedTools.of(work);
    for (String tool : List.of("fail", "breakDown")) {
      assertThat(execute(tools, tool))
          .isEqualTo(new Observation(Status.FAILED, "{\"error\": \"the tool failed\"}"));
    }
  }

  @Test
  void should_give_messages_to_the_model_where_that_is_wanted() {
    Toolbox tools = AnnotatedTools.of(work);
    assertThat(execute(tools, "failOpenly").text())
        .isEqualTo("{\"error\": \"the tool failed: no such order\"}");
    assertThat(execute(tools, "tell").text())
        .isEqualTo("{\"error\": \"order numbers have six digits\"}");
    Toolbox open =
        AnnotatedTools.builder()
            .add(work)
            .defaultPolicy(ToolPolicy.defaults().withExposedErrors())
            .build();
    assertThat(execute(open, "fail").text()).contains("hunter2");
  }

  @Test
  void should_run_what_was_approved() {
    Observation observation =
        AnnotatedTools.of(work)
            .execute(Calls.call("refund", "{\"order_id\": 7, \"cents\": \"250\"}"), context);
    assertThat(observation.text()).isEqualTo("{\"result\": \"refunded\"}");
    assertThat(context.asked())
        .extracting(ToolCall::toString)
        .containsExactly("refund {\"orderId\": \"7\", \"cents\": 250}");
    assertThat(work.refunds).containsExactly("7 250");
  }

  @Test
  void should_run_nothing_that_was_denied() {
    context.withApprover(call -> Approver.Answer.no("ask the customer first"));
    Observation observation =
        AnnotatedTools.of(work)
            .execute(Calls.call("refund", "{\"orderId\": \"7\", \"cents\": 250}"), context);
    assertThat(observation)
        .isEqualTo(new Observation(Status.REFUSED, "{\"error\": \"ask the customer first\"}"));
    assertThat(work.refunds).isEmpty();
  }

  @Test
  void should_ask_for_no_approval_of_a_call_that_does_not_fit() {
    AnnotatedTools.of(work).execute(Calls.call("refund", "{\"cents\": 250}"), context);
    assertThat(context.asked()).isEmpty();
  }

  @Test
  void should_let_the_builder_replace_the_annotation() {
    Toolbox tools =
        AnnotatedTools.builder().add(work).policy("refund", ToolPolicy.defaults()).build();
    tools.execute(Calls.call("refund", "{\"orderId\": \"7\", \"cents\": 250}"), context);
    assertThat(context.asked()).isEmpty();
    assertThat(work.refunds).hasSize(1);
  }
}
