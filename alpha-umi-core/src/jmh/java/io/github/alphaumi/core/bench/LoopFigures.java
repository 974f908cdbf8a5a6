package io.github.alphaumi.core.bench;

import dev.langchain4j.agent.tool.ToolSpecification;
import io.github.alphaumi.core.Agent;
import io.github.alphaumi.core.AgentResult;
import io.github.alphaumi.core.Budget;
import io.github.alphaumi.core.Decision;
import io.github.alphaumi.core.ModelUse;
import io.github.alphaumi.core.Observation;
import io.github.alphaumi.core.Role;
import io.github.alphaumi.core.Roles;
import io.github.alphaumi.core.RunContext;
import io.github.alphaumi.core.RunHandle;
import io.github.alphaumi.core.ToolCall;
import io.github.alphaumi.core.Toolbox;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/** Prints what a finished step keeps in memory, and how long a run takes to leave a deaf tool. */
public final class LoopFigures {
  static final int STEPS = 12;
  private static final int RUNS = 5_000;
  private static final int CANCELS = 100;

  private LoopFigures() {}

  /** An agent that takes twelve steps, each with two model calls of no duration. */
  static Agent.Builder agent() {
    ModelUse use = new ModelUse(100, 50, 10, Duration.ZERO, Duration.ZERO);
    return Agent.builder()
        .roles(
            new Roles(
                (trajectory, tools, context) -> {
                  context.used(Role.PLANNER, use);
                  int step = context.step();
                  return step > STEPS
                      ? new Decision.Conclude("All is known.")
                      : new Decision.Call("Look up number " + step + ".");
                },
                (trajectory, plan, tools, context) -> {
                  context.used(Role.CALLER, use);
                  return new ToolCall("look", Map.of("n", context.step()));
                },
                (trajectory, plan, tools, context) -> "The answer."))
        .tools(tools(context -> Observation.ok("{\"found\": " + context.step() + "}")));
  }

  /** What a tool does. */
  private interface Work {
    Observation of(RunContext context);
  }

  private static Toolbox tools(Work work) {
    List<ToolSpecification> look =
        List.of(ToolSpecification.builder().name("look").description("Look it up").build());
    return new Toolbox() {
      @Override
      public List<ToolSpecification> specifications() {
        return look;
      }

      @Override
      public Observation execute(ToolCall call, RunContext context) {
        return work.of(context);
      }
    };
  }

  public static void main(String[] args) throws Exception {
    retained();
    leaving();
  }

  private static void retained() {
    Agent agent = agent().build();
    List<AgentResult> results = new ArrayList<>(RUNS);
    for (int i = 0; i < RUNS; i++) {
      agent.run("task");
    }
    long before = used();
    for (int i = 0; i < RUNS; i++) {
      results.add(agent.run("task"));
    }
    long after = used();
    System.out.printf(
        Locale.ROOT,
        "retained: %,d bytes a step, trajectory, tree and usage of %,d results of %d steps%n",
        (after - before) / ((long) RUNS * STEPS),
        results.size(),
        STEPS);
  }

  private static long used() {
    Runtime runtime = Runtime.getRuntime();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      System.gc();
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }

  private static void leaving() throws Exception {
    ExecutorService threads = Executors.newCachedThreadPool();
    long[] cancelled = new long[CANCELS];
    long[] late = new long[CANCELS];
    for (int i = 0; i < CANCELS; i++) {
      cancelled[i] = leaving(threads, true);
      late[i] = leaving(threads, false);
    }
    threads.shutdownNow();
    print("cancelled", cancelled);
    print("deadline", late);
  }

  /** Nanoseconds from the cancellation or the deadline to the result. */
  private static long leaving(ExecutorService threads, boolean cancel) throws Exception {
    CountDownLatch atWork = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    Duration limit = cancel ? Duration.ofSeconds(60) : Duration.ofMillis(60);
    Toolbox deaf =
        tools(
            context -> {
              atWork.countDown();
              while (release.getCount() > 0) {
                LockSupport.parkNanos(1_000_000);
              }
              return Observation.ok("{}");
            });
    Agent agent =
        Agent.builder()
            .roles(
                new Roles(
                    (trajectory, tools, context) -> new Decision.Call("look"),
                    (trajectory, plan, tools, context) -> new ToolCall("look", Map.of()),
                    (trajectory, plan, tools, context) -> ""))
            .tools(deaf)
            .executor(threads)
            .budget(Budget.defaults().withTime(limit))
            .build();
    long start = System.nanoTime();
    RunHandle handle = agent.start("task");
    atWork.await();
    long due = cancel ? System.nanoTime() : start + limit.toNanos();
    if (cancel) {
      handle.cancel();
    }
    handle.await(Duration.ofSeconds(30)).orElseThrow();
    long took = System.nanoTime() - due;
    release.countDown();
    return took;
  }

  private static void print(String what, long[] nanos) {
    Arrays.sort(nanos);
    System.out.printf(
        Locale.ROOT,
        "%s: result after %.1f ms (median), %.1f ms (longest of %d), the tool still at work%n",
        what,
        nanos[nanos.length / 2] / 1e6,
        nanos[nanos.length - 1] / 1e6,
        nanos.length);
  }
}
