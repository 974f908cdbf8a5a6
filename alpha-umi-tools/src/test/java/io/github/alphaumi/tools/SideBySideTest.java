package io.github.alphaumi.tools;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import io.github.alphaumi.core.Agent;
import io.github.alphaumi.core.AgentResult;
import io.github.alphaumi.core.Caller;
import io.github.alphaumi.core.Decision;
import io.github.alphaumi.core.Effect;
import io.github.alphaumi.core.Observation;
import io.github.alphaumi.core.Roles;
import io.github.alphaumi.core.ToolCall;
import io.github.alphaumi.core.Toolbox;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Annotated tools whose calls a caller wrote for one step. */
@Timeout(60)
class SideBySideTest {
  private final ExecutorService pool = Executors.newCachedThreadPool();
  @TempDir Path folder;

  @AfterEach
  void end() {
    pool.shutdownNow();
  }

  /** Calls of {@code pair} go on when two of them are at work. */
  static class Desk {
    final CyclicBarrier pair = new CyclicBarrier(2);
    final AtomicInteger atWork = new AtomicInteger();
    final AtomicInteger most = new AtomicInteger();
    final List<String> keys = new CopyOnWriteArrayList<>();

    @Tool("Looks up with a colleague")
    @Policy(effect = Effect.READ_ONLY, concurrency = 2)
    int pair(@P(name = "n") int n, ToolContext context) throws Exception {
      most.accumulateAndGet(atWork.incrementAndGet(), Math::max);
      keys.add(context.idempotencyKey());
      pair.await(30, TimeUnit.SECONDS);
      atWork.decrementAndGet();
      return n;
    }

    @Tool("Stamps alone")
    @Policy(effect = Effect.IDEMPOTENT, concurrency = 1)
    int alone(@P(name = "n") int n) {
      most.accumulateAndGet(atWork.incrementAndGet(), Math::max);
      atWork.decrementAndGet();
      return n;
    }
  }

  private AgentResult run(Toolbox tools, String tool, int calls) {
    List<Caller.Turn> turns =
        IntStream.range(0, calls)
            .<Caller.Turn>mapToObj(n -> new ToolCall(tool, Map.of("n", n)))
            .toList();
    return Agent.builder()
        .roles(
            new Roles(
                (path, listed, context) ->
                    path.steps().isEmpty()
                        ? new Decision.Call("all")
                        : new Decision.Conclude("done"),
                (path, plan, listed, context) -> new Caller.Several(turns),
                (path, plan, listed, context) -> "done"))
        .tools(tools)
        .executor(pool)
        .build()
        .run("task");
  }

  private static List<Observation> observations(AgentResult result) {
    return result.trajectory().steps().get(0).outcomes().stream()
        .map(outcome -> outcome.observation())
        .toList();
  }

  private static List<Observation> numbers(int calls) {
    return IntStream.range(0, calls)
        .mapToObj(n -> Observation.ok("{\"result\": " + n + "}"))
        .toList();
  }

  @Test
  void should_run_as_many_calls_of_a_tool_at_a_time_as_its_policy_allows() {
    Desk desk = new Desk();
    AgentResult result = run(AnnotatedTools.of(desk), "pair", 6);
    assertThat(observations(result)).isEqualTo(numbers(6));
    assertThat(desk.most).hasValue(2);
    assertThat(desk.keys).doesNotHaveDuplicates().hasSize(6);
  }

  @Test
  void should_run_them_one_by_one_where_the_policy_says_so() {
    Desk desk = new Desk();
    AgentResult result = run(AnnotatedTools.of(desk), "alone", 5);
    assertThat(observations(result)).isEqualTo(numbers(5));
    assertThat(desk.most).hasValue(1);
  }

  @Test
  void should_record_and_replay_them() {
    Path file = folder.resolve("calls.json");
    AgentResult live = run(RecordedTools.recording(AnnotatedTools.of(new Desk()), file), "pair", 4);
    AgentResult replayed = run(RecordedTools.replay(file), "pair", 4);
    assertThat(observations(replayed)).isEqualTo(observations(live)).isEqualTo(numbers(4));
  }
}
