package io.github.alphaumi.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.ToolSpecification;
import io.github.alphaumi.core.Journal.Entry;
import io.github.alphaumi.core.Journal.Kind;
import io.github.alphaumi.core.Journal.State;
import io.github.alphaumi.core.Observation.Status;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Steps with several calls in a journal: cut off anywhere, suspended, replayed. */
@Timeout(120)
class SeveralCallsJournalTest {
  private static final List<String> FIRST =
      List.of("look0", "set0", "look1", "pay", "ship", "set1");
  private static final List<String> SECOND = List.of("look2", "pay", "look0");

  private final ExecutorService pool = Executors.newCachedThreadPool();

  @AfterEach
  void end() throws InterruptedException {
    pool.shutdownNow();
    assertThat(pool.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
  }

  /** A process: roles that plan by the trajectory alone, and tools that keep what was done. */
  private final class Process implements Toolbox {
    final List<String> done = new CopyOnWriteArrayList<>();
    final AtomicInteger asked = new AtomicInteger();
    Set<String> approved = Set.of();

    /** The calls of the first step that go side by side end in the opposite order. */
    @Nullable List<CountDownLatch> opposite;

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
      if (approved.contains(call.name())) {
        Approver.Answer answer = context.approve(call);
        if (!answer.approved()) {
          return Observation.error(Status.REFUSED, answer.reason());
        }
      }
      if (opposite != null && context.step() == 1 && context.call() < 3) {
        try {
          assertThat(opposite.get(context.call() == 0 ? 2 : 3).await(30, TimeUnit.SECONDS))
              .isTrue();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }
      done.add(call.name() + " " + context.idempotencyKey());
      return Observation.ok("{\"" + call.name() + "\": \"" + context.idempotencyKey() + "\"}");
    }

    private Caller.Turn turn(Trajectory trajectory) {
      List<String> names = trajectory.steps().isEmpty() ? FIRST : SECOND;
      List<Caller.Turn> calls = new ArrayList<>();
      names.forEach(name -> calls.add(new ToolCall(name, Map.of("n", trajectory.steps().size()))));
      calls.add(1, new Caller.Unreadable("?", "no call"));
      return new Caller.Several(calls);
    }

    Agent agent(Journal journal) {
      return Agent.builder()
          .roles(
              new Roles(
                  (trajectory, tools, context) -> {
                    asked.incrementAndGet();
                    return trajectory.steps().size() < 2
                        ? new Decision.Call("step " + trajectory.steps().size())
                        : new Decision.Conclude("");
                  },
                  (trajectory, plan, tools, context) -> {
                    asked.incrementAndGet();
                    return turn(trajectory);
                  },
                  (trajectory, plan, tools, context) -> "Answer: " + trajectory.steps()))
          .tools(this)
          .journal(journal)
          .approver(Approver.suspend())
          .executor(pool)
          .listener(
              event -> {
                if (opposite != null && event instanceof RunEvent.Observed && event.step() == 1) {
                  opposite.get(event.origin().call()).countDown();
                }
              })
          .runIds(() -> "r")
          .build();
    }

    long paid() {
      return done.stream().filter(each -> each.startsWith("pay r-1.")).count();
    }
  }

  private static List<Object> summary(AgentResult result) {
    return List.of(
        result.stopReason(),
        result.answer(),
        result.tree().toString(),
        result.trajectory().steps().toString(),
        result.usage().toolCalls());
  }

  private static Journal cutOff(List<Entry> entries, int length) {
    Journal journal = Journal.inMemory();
    try (Journal.Log log = journal.create("r")) {
      entries.subList(0, length).forEach(entry -> log.append(entry.kind(), entry.data()));
    }
    return journal;
  }

  private static List<CountDownLatch> latches() {
    List<CountDownLatch> latches = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      latches.add(new CountDownLatch(1));
    }
    return latches;
  }

  @Test
  void a_run_that_is_cut_off_at_any_entry_comes_to_the_same_end_and_repeats_no_effect() {
    Journal written = Journal.inMemory();
    Process whole = new Process();
    AgentResult expected = whole.agent(written).run("task");
    List<Entry> entries = written.read("r");
    assertThat(expected.stopReason()).isEqualTo(StopReason.ANSWERED);
    assertThat(expected.trajectory().steps().get(0).outcomes()).hasSize(7);
    assertThat(whole.done).hasSize(9);
    int unknown = 0;
    for (int length = 1; length <= entries.size(); length++) {
      Journal cut = cutOff(entries, length);
      Process next = new Process();
      AgentResult result = next.agent(cut).resume("r");
      List<Entry> before = entries.subList(0, length);
      Entry last = before.get(length - 1);
      String where = "after " + length + " entries, the last " + last;
      boolean mayHaveRun =
          last.kind() == Kind.INTENT
              && (last.data().contains("\"pay\"") || last.data().contains("\"ship\""));
      if (mayHaveRun) {
        unknown++;
        assertThat(result.unknownOutcomes()).as(where).hasSize(1);
      } else {
        assertThat(summary(result)).as(where).isEqualTo(summary(expected));
      }
      for (String effect : List.of("pay r-1.5", "ship r-1.6", "pay r-2.3")) {
        long intended =
            before.stream().filter(e -> e.kind() == Kind.INTENT && isOf(e, effect)).count();
        long made = next.done.stream().filter(effect::equals).count();
        assertThat(intended + made).as(effect + " " + where).isLessThanOrEqualTo(1);
      }
      assertThat(summary(next.agent(cut).replay("r")))
          .as("the replay, " + where)
          .isEqualTo(summary(result));
      assertThat(RunReport.of(cut, "r").tree().toString()).isEqualTo(result.tree().toString());
      assertThat(cut.runs(State.FINISHED)).as(where).hasSize(1);
    }
    assertThat(unknown).isEqualTo(3);
  }

  /** Whether an entry tells of the call with this key: of the node by its step. */
  private static boolean isOf(Entry entry, String effect) {
    String tool = effect.substring(0, effect.indexOf(' '));
    int step = effect.charAt(effect.indexOf('-') + 1) - '1';
    return entry.data().contains("\"" + tool + "\"")
        && entry.data().contains("\"arguments\":{\"n\":" + step + "}");
  }

  @Test
  void what_ended_in_another_order_is_replayed_in_that_of_the_calls() {
    Journal journal = Journal.inMemory();
    Process process = new Process();
    process.opposite = latches();
    AgentResult result = process.agent(journal).run("task");
    List<Integer> order =
        journal.read("r").stream()
            .filter(e -> e.kind() == Kind.OUTCOME || e.kind() == Kind.OBSERVED)
            .map(e -> JournalData.read("entry", e.data()))
            .map(data -> data.has("call") ? (int) data.number("call") : 0)
            .toList();
    assertThat(order).hasSize(9).startsWith(3, 2, 0);
    Process later = new Process();
    assertThat(summary(later.agent(journal).replay("r"))).isEqualTo(summary(result));
    assertThat(later.done).isEmpty();
    assertThat(later.asked).hasValue(0);
  }

  @Test
  void a_call_that_waits_for_a_decision_keeps_what_the_others_returned() {
    Journal journal = Journal.inMemory();
    Process first = new Process();
    first.approved = Set.of("set0");
    AgentResult suspended = first.agent(journal).run("task");
    assertThat(suspended.stopReason()).isEqualTo(StopReason.SUSPENDED);
    assertThat(first.done).containsExactlyInAnyOrder("look0 r-1", "look1 r-1.4");
    assertThat(journal.runs(State.SUSPENDED)).hasSize(1);
    ToolCall set0 = new ToolCall("set0", Map.of("n", 0));
    assertThat(first.agent(journal).undecided("r")).hasValue(set0);

    Process next = new Process();
    next.approved = Set.of("set0");
    AgentResult result = next.agent(journal).resume("r", Approver.Answer.yes());
    assertThat(result.stopReason()).isEqualTo(StopReason.ANSWERED);
    assertThat(next.done).hasSize(7).startsWith("set0 r-1.3", "pay r-1.5", "ship r-1.6");
    assertThat(statuses(result))
        .containsExactly(
            Status.OK, Status.INVALID, Status.OK, Status.OK, Status.OK, Status.OK, Status.OK);
    assertThat(summary(new Process().agent(journal).replay("r"))).isEqualTo(summary(result));
  }

  private static List<Status> statuses(AgentResult result) {
    return result.trajectory().steps().get(0).outcomes().stream()
        .map(outcome -> outcome.observation().status())
        .toList();
  }

  @Test
  void two_that_wait_are_decided_on_one_after_the_other_and_cut_off_anywhere() {
    Journal journal = Journal.inMemory();
    Process process = new Process();
    process.approved = Set.of("look0", "set0", "pay");
    assertThat(process.agent(journal).run("task").stopReason()).isEqualTo(StopReason.SUSPENDED);
    List<String> asked = new ArrayList<>();
    AgentResult result = null;
    List<Approver.Answer> answers =
        List.of(
            Approver.Answer.no("not that"),
            Approver.Answer.edit(Map.of("by", "hand")),
            Approver.Answer.yes(),
            Approver.Answer.no("enough"),
            Approver.Answer.no("enough"));
    for (Approver.Answer answer : answers) {
      asked.add(process.agent(journal).undecided("r").orElseThrow().name());
      result = process.agent(journal).resume("r", answer);
    }
    assertThat(result.stopReason()).isEqualTo(StopReason.ANSWERED);
    assertThat(asked).containsExactly("look0", "set0", "pay", "pay", "look0");
    assertThat(statuses(result).subList(0, 5))
        .containsExactly(Status.REFUSED, Status.INVALID, Status.OK, Status.OK, Status.OK);
    assertThat(result.trajectory().steps().get(0).outcomes().get(2).call())
        .hasValue(new ToolCall("set0", Map.of("by", "hand")));
    assertThat(process.paid()).isEqualTo(1);

    List<Entry> entries = journal.read("r");
    for (int length = 1; length <= entries.size(); length++) {
      Process next = new Process();
      next.approved = process.approved;
      Journal cut = cutOff(entries, length);
      assertThat(next.agent(cut).resume("r").stopReason())
          .isIn(StopReason.ANSWERED, StopReason.SUSPENDED);
      String tree = next.agent(cut).replay("r").tree().toString();
      assertThat(RunReport.of(cut, "r").tree().toString()).isEqualTo(tree);
    }
    assertThat(summary(new Process().agent(journal).replay("r"))).isEqualTo(summary(result));
  }

  @Test
  void a_conversation_with_several_calls_is_kept() {
    Journal journal = Journal.inMemory();
    AgentResult first = new Process().agent(Journal.inMemory()).run("task");
    Process process = new Process();
    Agent agent = process.agent(journal).after(first.conversation());
    AgentResult second = agent.run("and then");
    assertThat(process.agent(journal).replay("r").trajectory().conversation().toString())
        .isEqualTo(second.trajectory().conversation().toString());
  }
}
