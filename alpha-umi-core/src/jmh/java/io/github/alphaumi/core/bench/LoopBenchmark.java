package io.github.alphaumi.core.bench;

import io.github.alphaumi.core.Agent;
import io.github.alphaumi.core.AgentResult;
import io.github.alphaumi.core.Search;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Time of the loop itself for one step: roles and tools return at once. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class LoopBenchmark {

  /** How an agent searches, and where it makes its calls. */
  @Param({"chain", "chain on an executor", "depth-first"})
  public String kind;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private Agent agent;

  @Setup
  public void build() {
    Agent.Builder builder = LoopFigures.agent();
    agent =
        switch (kind) {
          case "chain" -> builder.build();
          case "depth-first" -> builder.search(Search.depthFirst()).build();
          default -> builder.executor(threads).build();
        };
  }

  @TearDown
  public void end() {
    threads.shutdownNow();
  }

  /** A run of twelve steps and an answer, a step at a time. */
  @Benchmark
  @OperationsPerInvocation(LoopFigures.STEPS)
  public AgentResult step() {
    return agent.run("task");
  }
}
