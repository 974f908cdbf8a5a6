package io.github.alphaumi.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.alphaumi.core.Journal.Entry;
import io.github.alphaumi.core.Journal.Failure.Reason;
import io.github.alphaumi.core.Journal.Kind;
import io.github.alphaumi.core.Journal.State;
import io.github.alphaumi.core.testkit.ManualTicker;
import io.github.alphaumi.core.testkit.RecordingListener;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that are cut off and go on. */
class ResumeTest {
  private final Shop shop = new Shop();
  private final Journal journal = Journal.inMemory();

  private static void refused(Reason reason, String words, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            Journal.Failure.class, e -> assertThat(e.reason()).isEqualTo(reason))
        .hasMessageContaining(words);
  }

  /** A journal with the first entries of a run, as a process leaves it that was killed there. */
  private static Journal cutOff(List<Entry> entries, int length) {
    Journal journal = Journal.inMemory();
    try (Journal.Log log = journal.create("r")) {
      entries.subList(0, length).forEach(entry -> log.append(entry.kind(), entry.data()));
    }
    return journal;
  }

  private static Search search(How how) {
    return switch (how) {
      case CHAIN -> Search.chain();
      case DEPTH_FIRST -> Search.depthFirst().width(3);
      case RANKED -> Search.depthFirst().width(3).ranked((first, second, context) -> true);
      case BEST_FIRST -> Search.bestFirst().width(3);
    };
  }

  private enum How {
    CHAIN,
    DEPTH_FIRST,
    RANKED,
    BEST_FIRST
  }

  private static Agent agent(Shop shop, Journal journal, How how) {
    return Agent.builder()
        .roles(how == How.CHAIN ? shop.chain() : shop.tree())
        .tools(shop)
        .journal(journal)
        .search(search(how))
        .ticker(new ManualTicker())
        .runIds(() -> "r")
        .build();
  }

  private static List<Object> summary(AgentResult result) {
    return List.of(
        result.stopReason(),
        result.detail(),
        result.answer(),
        result.tree().toString(),
        result.trajectory().steps().toString(),
        result.usage());
  }

  @Test
  void a_run_that_is_cut_off_at_any_entry_comes_to_the_same_end_and_does_nothing_twice() {
    for (How how : How.values()) {
      Shop whole = new Shop();
      Journal written = Journal.inMemory();
      AgentResult expected = agent(whole, written, how).run("Refund order A-1");
      List<Entry> entries = written.read("r");
      assertThat(expected.stopReason()).isEqualTo(StopReason.ANSWERED);
      assertThat(whole.done).contains(Shop.REFUND);
      int unknown = 0;
      for (int length = 1; length <= entries.size(); length++) {
        Shop next = new Shop();
        Journal cut = cutOff(entries, length);
        AgentResult result = agent(next, cut, how).resume("r");
        String where = how + ", after " + length + " entries";
        List<Entry> before = entries.subList(0, length);
        boolean mayHaveRun =
            before.get(length - 1).kind() == Kind.INTENT
                && before.get(length - 1).data().contains("refund");
        if (mayHaveRun) {
          unknown++;
          assertThat(next.done).as(where).doesNotContain(Shop.REFUND);
          assertThat(result.unknownOutcomes()).as(where).containsExactly(Shop.REFUND);
        } else {
          assertThat(summary(result)).as(where).isEqualTo(summary(expected));
          assertThat(result.unknownOutcomes()).as(where).isEmpty();
        }
        long refunds =
            next.done.stream().filter(Shop.REFUND::equals).count()
                + before.stream()
                    .filter(e -> e.kind() == Kind.OUTCOME && e.data().contains("refund"))
                    .count();
        assertThat(refunds).as(where).isEqualTo(mayHaveRun ? 0 : 1);
        assertThat(cut.runs(State.FINISHED)).as(where).hasSize(1);
        assertThat(summary(agent(new Shop(), cut, how).replay("r")))
            .as("the replay, " + where)
            .isEqualTo(summary(result));
        assertThat(summary(agent(next, cut, how).resume("r"))).isEqualTo(summary(result));
      }
      assertThat(unknown).isEqualTo(1);
    }
  }

  @Test
  void a_run_that_dies_again_and_again_comes_to_the_same_end() {
    AgentResult expected =
        agent(new Shop(), Journal.inMemory(), How.DEPTH_FIRST).run("Refund order A-1");
    Shop dying = new Shop();
    Journal cut = Journal.inMemory();
    dying.modelFails = () -> dying.asked % 2 == 0;
    Agent agent = agent(dying, cut, How.DEPTH_FIRST);
    AgentResult result = agent.run("Refund order A-1");
    int lives = 1;
    while (result.stopReason() == StopReason.MODEL_FAILED) {
      assertThat(cut.runs(State.UNFINISHED)).hasSize(1);
      result = agent.resume("r");
      lives++;
    }
    assertThat(lives).isGreaterThan(5);
    assertThat(result.tree().toString()).isEqualTo(expected.tree().toString());
    assertThat(dying.done.stream().filter(Shop.REFUND::equals)).hasSize(1);
    assertThat(result.usage().modelCalls()).as("failed calls count").isEqualTo(dying.asked);
    assertThat(summary(agent.replay("r"))).isEqualTo(summary(result));
  }

  @Test
  void models_and_tools_are_not_asked_again_for_what_the_journal_has() {
    AgentResult first = agent(shop, journal, How.CHAIN).run("Refund order A-1");
    Shop next = new Shop();
    AgentResult again = agent(next, journal, How.CHAIN).resume("r");
    assertThat(next.asked).isZero();
    assertThat(next.done).isEmpty();
    assertThat(summary(again)).isEqualTo(summary(first));
  }

  @Test
  void time_and_tokens_of_earlier_lives_count_and_the_time_between_does_not() {
    ManualTicker first = new ManualTicker();
    shop.modelFails =
        () -> {
          first.advance(Duration.ofSeconds(10));
          return shop.asked == 3;
        };
    AgentResult cut = shop.agent(journal).ticker(first).build().run("Refund order A-1");
    assertThat(cut.stopReason()).isEqualTo(StopReason.MODEL_FAILED);
    assertThat(cut.usage().elapsed()).isEqualTo(Duration.ofSeconds(30));

    Shop next = new Shop();
    ManualTicker later = new ManualTicker();
    later.advance(Duration.ofDays(3));
    AgentResult result = next.agent(journal).ticker(later).build().resume("r");
    assertThat(result.usage().elapsed()).isEqualTo(Duration.ofSeconds(30));
    assertThat(result.usage().inputTokens()).isEqualTo(10L * (shop.asked + next.asked));

    Journal short1 = Journal.inMemory();
    Shop slow = new Shop();
    slow.modelFails = () -> slow.asked == 3;
    slow.agent(short1).build().run("Refund order A-1");
    AgentResult spent =
        new Shop().agent(short1).budget(Budget.defaults().withTokens(5 * 13)).build().resume("r");
    assertThat(spent.stopReason()).isEqualTo(StopReason.TOKEN_LIMIT);
    assertThat(spent.usage().modelCalls()).isEqualTo(5);
  }

  @Test
  void the_planner_is_told_what_is_unknown_and_may_not_order_it_again() {
    agent(shop, journal, How.CHAIN).run("Refund order A-1");
    List<Entry> entries = journal.read("r");
    int intent = 0;
    while (entries.get(intent).kind() != Kind.INTENT) {
      intent++;
    }
    List<String> seen = new ArrayList<>();
    Shop next = new Shop();
    Roles insisting =
        next.chain()
            .withPlanner(
                (trajectory, tools, context) -> {
                  trajectory
                      .last()
                      .ifPresent(step -> seen.add(step.outcomes().get(0).observation().text()));
                  return trajectory.steps().size() < 4
                      ? new Decision.Call("refund")
                      : new Decision.Conclude("");
                })
            .withCaller((trajectory, plan, tools, context) -> Shop.REFUND);
    Journal cut = cutOff(entries, intent + 1);
    Agent agent = Agent.builder().roles(insisting).tools(next).journal(cut).build();
    refused(Reason.CHANGED, "planner was", () -> agent.resume("r"));

    // Roles that say who they are may change what they do.
    AgentResult result = unnamed(next, cut, insisting).resume("r");
    assertThat(next.done).doesNotContain(Shop.REFUND);
    assertThat(result.unknownOutcomes()).containsExactly(Shop.REFUND);
    assertThat(seen).filteredOn(text -> text.contains("not known whether refund")).isNotEmpty();
  }

  /** An agent whose roles have the names of the shop's. */
  private static Agent unnamed(Shop shop, Journal journal, Roles roles) {
    Roles shops = shop.chain();
    record Named(String name, Planner planner, Caller caller) implements Planner, Caller {
      @Override
      public Decision plan(
          Trajectory trajectory,
          List<dev.langchain4j.agent.tool.ToolSpecification> tools,
          RunContext context) {
        return planner.plan(trajectory, tools, context);
      }

      @Override
      public Caller.Turn call(
          Trajectory trajectory,
          Decision.Call plan,
          List<dev.langchain4j.agent.tool.ToolSpecification> tools,
          RunContext context) {
        return caller.call(trajectory, plan, tools, context);
      }

      @Override
      public String toString() {
        return name;
      }
    }
    return Agent.builder()
        .roles(
            roles
                .withPlanner(
                    new Named(Fingerprints.named(shops.planner()), roles.planner(), roles.caller()))
                .withCaller(
                    new Named(Fingerprints.named(shops.caller()), roles.planner(), roles.caller())))
        .tools(shop)
        .journal(journal)
        .build();
  }

  @Test
  void an_idempotent_call_is_made_again_with_its_key() {
    agent(shop, journal, How.CHAIN).run("Refund order A-1");
    List<Entry> entries = journal.read("r");
    int intent = entries.size() - 1;
    while (entries.get(intent).kind() != Kind.INTENT) {
      intent--;
    }
    Shop next = new Shop();
    AgentResult result = agent(next, cutOff(entries, intent + 1), How.CHAIN).resume("r");
    assertThat(next.done).containsExactly(Shop.LABEL);
    assertThat(next.keys).containsExactly("label r-3");
    assertThat(shop.keys).containsExactly("look r-1", "refund r-2", "label r-3");
    assertThat(result.unknownOutcomes()).isEmpty();
  }

  @Test
  void an_intent_is_written_before_a_tool_with_an_effect_and_its_outcome_after() {
    List<Kind> seen = new ArrayList<>();
    Toolbox watching =
        new Watching(
            shop, () -> seen.add(journal.read("r").get(journal.read("r").size() - 1).kind()));
    Agent.builder()
        .roles(shop.chain())
        .tools(watching)
        .journal(journal)
        .runIds(() -> "r")
        .build()
        .run("Refund order A-1");
    assertThat(seen).containsExactly(Kind.CALLED, Kind.INTENT, Kind.INTENT);
    assertThat(journal.read("r"))
        .extracting(Entry::kind)
        .containsExactly(
            Kind.STARTED,
            Kind.PLANNED,
            Kind.CALLED,
            Kind.OBSERVED,
            Kind.PLANNED,
            Kind.CALLED,
            Kind.INTENT,
            Kind.OUTCOME,
            Kind.PLANNED,
            Kind.CALLED,
            Kind.INTENT,
            Kind.OUTCOME,
            Kind.PLANNED,
            Kind.SUMMARIZED,
            Kind.FINISHED);
  }

  private record Watching(Toolbox tools, Runnable before) implements Toolbox {
    @Override
    public List<dev.langchain4j.agent.tool.ToolSpecification> specifications() {
      return tools.specifications();
    }

    @Override
    public Effect effect(String tool) {
      return tools.effect(tool);
    }

    @Override
    public Observation execute(ToolCall call, RunContext context) {
      before.run();
      return tools.execute(call, context);
    }
  }

  @Test
  void a_run_that_is_at_work_cannot_be_resumed_beside_it() {
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Agent agent = agent(shop, journal, How.CHAIN);
    Toolbox greedy =
        new Watching(
            shop,
            () -> {
              try {
                agent.resume("r");
              } catch (Journal.Failure e) {
                thrown.set(e);
              }
            });
    Agent.builder()
        .roles(shop.chain())
        .tools(greedy)
        .journal(journal)
        .runIds(() -> "r")
        .build()
        .run("Refund order A-1");
    assertThat(thrown.get()).hasMessageContaining("run r: open in process ");
    assertThat(shop.done).hasSize(3);
  }

  @Test
  void a_changed_agent_is_refused_in_one_error_that_names_every_change() {
    shop.modelFails = () -> shop.asked == 3;
    agent(shop, journal, How.CHAIN).run("Refund order A-1");
    Shop other = new Shop("look", "label", "price");
    Agent changed =
        Agent.builder()
            .roles(other.tree())
            .tools(other)
            .journal(journal)
            .search(Search.depthFirst().width(4))
            .budget(Budget.defaults().withSteps(7).withTokens(1000))
            .build();
    refused(Reason.CHANGED, "run r was begun by another agent: ", () -> changed.resume("r"));
    assertThatThrownBy(() -> changed.resume("r"))
        .hasMessageContaining("tool price has been added")
        .hasMessageContaining("tool refund is gone")
        .hasMessageContaining("search was chain and is depth-first with width 4")
        .hasMessageContaining("steps was 12 and is 7")
        .hasMessageNotContaining("1000")
        .hasMessageContaining("resume it with the agent that began it");
    assertThat(other.asked).isZero();
    assertThat(agent(new Shop(), journal, How.CHAIN).resume("r").stopReason())
        .isEqualTo(StopReason.ANSWERED);
  }

  @Test
  void a_replay_that_does_something_else_names_the_first_difference() {
    agent(shop, journal, How.DEPTH_FIRST).run("Refund order A-1");
    Agent narrower =
        Agent.builder()
            .roles(shop.tree())
            .tools(shop)
            .journal(journal)
            .search(Search.depthFirst().width(3).depth(1))
            .build();
    int asked = shop.asked;
    refused(Reason.DIVERGED, "run r, entry ", () -> narrower.replay("r"));
    assertThatThrownBy(() -> narrower.replay("r"))
        .hasMessageMatching("run r, entry \\d+: the log has .*, the loop asks for .*");
    assertThat(shop.asked).isEqualTo(asked);
    refused(Reason.CHANGED, "search was depth-first", () -> narrower.resume("r"));
  }

  @Test
  void a_replay_ends_where_the_journal_ends() {
    agent(shop, journal, How.CHAIN).run("Refund order A-1");
    Journal cut = cutOff(journal.read("r"), 5);
    AgentResult result = agent(shop, cut, How.CHAIN).replay("r");
    assertThat(result.stopReason()).isEqualTo(StopReason.CANCELLED);
    assertThat(result.detail()).contains("after 5 entries");
    assertThat(cut.read("r")).hasSize(5);
  }

  @Test
  void a_smaller_budget_than_was_spent_is_explained() {
    shop.modelFails = () -> shop.asked == 5;
    agent(shop, journal, How.CHAIN).run("Refund order A-1");
    Agent poor = shop.agent(journal).budget(Budget.defaults().withTokens(20)).build();
    refused(Reason.DIVERGED, "the loop ends with TOKEN_LIMIT", () -> poor.resume("r"));
    assertThatThrownBy(() -> poor.resume("r")).hasMessageContaining("200000 tokens");
  }

  @Test
  void a_cancelled_run_goes_on_and_its_events_are_told_again() {
    Cancellation cancellation = Cancellation.create();
    shop.modelFails =
        () -> {
          if (shop.asked == 4) {
            cancellation.cancel();
          }
          return false;
        };
    Agent agent = agent(shop, journal, How.CHAIN);
    assertThat(agent.run("Refund order A-1", cancellation).stopReason())
        .isEqualTo(StopReason.CANCELLED);
    assertThat(journal.runs(State.UNFINISHED)).hasSize(1);
    RecordingListener listener = new RecordingListener();
    AgentResult result =
        new Shop().agent(journal).ticker(new ManualTicker()).listener(listener).build().resume("r");
    assertThat(result.stopReason()).isEqualTo(StopReason.ANSWERED);
    assertThat(listener.events().get(0)).isInstanceOf(RunEvent.Started.class);
    assertThat(listener.events().stream().filter(RunEvent.Resumed.class::isInstance)).hasSize(1);
    assertThat(listener.events().stream().filter(RunEvent.Called.class::isInstance)).hasSize(3);
  }

  @Test
  void an_interrupted_run_writes_its_outcome_and_stays_interrupted(@TempDir Path folder) {
    Journal files = Journal.files(folder, Journal.Sync.ALWAYS);
    Toolbox interrupting = new Watching(shop, () -> Thread.currentThread().interrupt());
    Agent agent =
        Agent.builder()
            .roles(shop.chain())
            .tools(interrupting)
            .journal(files)
            .runIds(() -> "r")
            .build();
    assertThat(agent.run("Refund order A-1").stopReason()).isEqualTo(StopReason.CANCELLED);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(files.read("r"))
        .extracting(Entry::kind)
        .containsExactly(Kind.STARTED, Kind.PLANNED, Kind.CALLED, Kind.OBSERVED, Kind.PAUSED);
    assertThat(agent(new Shop(), files, How.CHAIN).resume("r").stopReason())
        .isEqualTo(StopReason.ANSWERED);
  }

  @Test
  void what_models_and_tools_write_comes_back_as_it_was() {
    String wild = "half \ud83d, null \u0000, line\nend, 漢 \"quotes\" " + "x".repeat(700_000);
    Roles roles =
        new Roles(
            (trajectory, tools, context) ->
                trajectory.steps().size() < 2
                    ? new Decision.Call(wild.substring(0, 40))
                    : new Decision.GiveUp(wild.substring(0, 40)),
            (trajectory, plan, tools, context) ->
                trajectory.steps().isEmpty()
                    ? new Caller.Unreadable(wild.substring(0, 40), "it is wild")
                    : new ToolCall(
                        "look",
                        Map.of(
                            "d", 417.20, "big", new java.math.BigInteger("9".repeat(30)), "l", 5L)),
            (trajectory, plan, tools, context) -> "");
    Toolbox tools =
        io.github.alphaumi.core.testkit.FakeToolbox.of(c -> Observation.ok(wild), "look");
    Agent agent =
        Agent.builder().roles(roles).tools(tools).journal(journal).runIds(() -> "r").build();
    AgentResult result = agent.run("Wild");
    AgentResult again = agent.resume("r");
    assertThat(again.tree().toString()).isEqualTo(result.tree().toString());
    assertThat(again.trajectory().steps().get(1).outcomes().get(0).call())
        .isEqualTo(result.trajectory().steps().get(1).outcomes().get(0).call());
    assertThat(result.detail()).isEqualTo(wild.substring(0, 40));
    assertThat(result.trajectory().steps().get(1).outcomes().get(0).observation().text())
        .startsWith(wild.substring(0, 1000))
        .endsWith("only the first 524,288 are shown]");
  }

  @Test
  void a_conversation_goes_on_with_its_run() {
    AgentResult first = agent(shop, journal, How.CHAIN).run("Refund order A-1");
    Shop failing = new Shop();
    failing.modelFails = () -> failing.asked == 2;
    List<Conversation> seen = new ArrayList<>();
    Shop next = new Shop();
    Roles named =
        unnamed(
                next,
                journal,
                next.chain()
                    .withPlanner(
                        (trajectory, tools, context) -> {
                          seen.add(trajectory.conversation());
                          return new Decision.GiveUp("");
                        }))
            .roles;
    Agent.builder()
        .roles(failing.chain())
        .tools(failing)
        .journal(journal)
        .runIds(() -> "s")
        .build()
        .after(first.conversation())
        .run("And again");
    AgentResult result =
        Agent.builder().roles(named).tools(next).journal(journal).build().resume("s");
    assertThat(result.trajectory().conversation().exchanges()).hasSize(1);
    assertThat(result.trajectory().conversation().exchanges().toString())
        .isEqualTo(first.conversation().exchanges().toString());
  }

  @Test
  void without_a_journal_or_a_run_there_is_nothing_to_resume() {
    Agent without = Agent.builder().roles(shop.chain()).build();
    assertThatIllegalStateException()
        .isThrownBy(() -> without.resume("r"))
        .withMessageContaining("give the builder the one");
    refused(
        Reason.NO_SUCH_RUN,
        "run r: there is none",
        () -> agent(shop, journal, How.CHAIN).resume("r"));
    agent(shop, journal, How.CHAIN).run("Refund order A-1");
    refused(Reason.EXISTS, "run r: ", () -> agent(shop, journal, How.CHAIN).run("Again"));
    refused(
        Reason.DECISION,
        "it does not wait for a decision, its newest entry is FINISHED",
        () -> agent(shop, journal, How.CHAIN).resume("r", Approver.Answer.yes()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> agent(shop, journal, How.CHAIN).resume("r", Approver.Answer.later()));
  }
}
