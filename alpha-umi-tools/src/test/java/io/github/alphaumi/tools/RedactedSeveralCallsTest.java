package io.github.alphaumi.tools;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.Tool;
import io.github.alphaumi.core.Agent;
import io.github.alphaumi.core.AgentResult;
import io.github.alphaumi.core.Caller;
import io.github.alphaumi.core.Decision;
import io.github.alphaumi.core.Effect;
import io.github.alphaumi.core.Journal;
import io.github.alphaumi.core.Journal.Entry;
import io.github.alphaumi.core.Journal.Kind;
import io.github.alphaumi.core.Observation.Status;
import io.github.alphaumi.core.Roles;
import io.github.alphaumi.core.RunEvent;
import io.github.alphaumi.core.RunReport;
import io.github.alphaumi.core.StopReason;
import io.github.alphaumi.core.ToolCall;
import io.github.alphaumi.core.testkit.ManualTicker;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several calls of one step, some with arguments that only the tool gets. */
@Timeout(120)
class RedactedSeveralCallsTest {
  private static final SecretKey KEY = new SecretKeySpec(new byte[16], "AES");

  /** Those of the two that renew look alike once they are redacted. */
  private static final List<ToolCall> CALLS =
      List.of(
          new ToolCall("look", Map.of("item", "a")),
          new ToolCall("renew", Map.of("pin", "pin-one")),
          new ToolCall("look", Map.of("item", "b")),
          new ToolCall("renew", Map.of("pin", "pin-two")),
          new ToolCall("pay", Map.of("card", "card-3", "cents", 700)),
          new ToolCall("look", Map.of("item", "c")));

  private static final List<String> SECRETS = List.of("pin-one", "pin-two", "card-3");

  private final ExecutorService pool = Executors.newCachedThreadPool();
  private final List<String> done = new CopyOnWriteArrayList<>();
  private final List<RunEvent> events = new ArrayList<>();

  @AfterEach
  void end() {
    pool.shutdownNow();
  }

  /** Tools that repeat what they are told. */
  final class Bank {
    @Tool
    @Policy(effect = Effect.READ_ONLY)
    String look(String item) {
      done.add(item);
      return "saw " + item;
    }

    @Tool
    @Policy(effect = Effect.IDEMPOTENT, redactedArguments = "pin")
    String renew(String pin) {
      done.add(pin);
      return "renewed " + pin;
    }

    @Tool
    @Policy(redactedArguments = "card")
    String pay(String card, int cents) {
      done.add(card);
      return "paid " + cents + " with " + card;
    }
  }

  private Agent agent(Journal journal, @Nullable SecretKey key) {
    Agent.Builder agent =
        Agent.builder()
            .roles(
                new Roles(
                    (path, tools, context) ->
                        path.steps().isEmpty()
                            ? new Decision.Call("all of it")
                            : new Decision.Conclude("done"),
                    (path, plan, tools, context) -> new Caller.Several(List.copyOf(CALLS)),
                    (path, plan, tools, context) -> path.steps().toString()))
            .tools(AnnotatedTools.of(new Bank()))
            .journal(journal)
            .executor(pool)
            .listener(events::add)
            .ticker(new ManualTicker())
            .runIds(() -> "r");
    return (key == null ? agent : agent.journalKey(key)).build();
  }

  private static Journal cutOff(List<Entry> entries, int length) {
    Journal journal = Journal.inMemory();
    try (Journal.Log log = journal.create("r")) {
      entries.subList(0, length).forEach(entry -> log.append(entry.kind(), entry.data()));
    }
    return journal;
  }

  private static List<Status> statuses(AgentResult result) {
    return result.trajectory().steps().get(0).outcomes().stream()
        .map(outcome -> outcome.observation().status())
        .toList();
  }

  private void assertThatNobodyReadsSecrets(AgentResult result, Journal journal) {
    for (String secret : SECRETS) {
      assertThat(events.toString()).doesNotContain(secret);
      assertThat(journal.read("r").toString()).doesNotContain(secret);
      assertThat(result.toString()).doesNotContain(secret);
      assertThat(result.tree().toString()).doesNotContain(secret);
      assertThat(RunReport.of(result).toJson()).doesNotContain(secret);
      assertThat(RunReport.of(journal, "r").toHtml()).doesNotContain(secret);
    }
  }

  private static boolean has(List<Entry> entries, Kind kind, int call) {
    return entries.stream()
        .anyMatch(e -> e.kind() == kind && e.data().matches(".*\"call\":" + call + "\\b.*"));
  }

  /** How a call ends in a run that goes on after these entries. */
  private static Status expected(List<Entry> before, int call, boolean withKey) {
    boolean called = before.stream().anyMatch(e -> e.kind() == Kind.CALLED);
    Effect effect =
        switch (CALLS.get(call).name()) {
          case "look" -> Effect.READ_ONLY;
          case "renew" -> Effect.IDEMPOTENT;
          default -> Effect.EFFECTFUL;
        };
    if (!called || effect == Effect.READ_ONLY || has(before, Kind.OUTCOME, call)) {
      return Status.OK;
    }
    boolean intended = has(before, Kind.INTENT, call);
    if (withKey) {
      return intended && effect == Effect.EFFECTFUL ? Status.UNKNOWN : Status.OK;
    }
    return intended ? Status.UNKNOWN : Status.REFUSED;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void should_repeat_no_effect_and_tell_no_secret_wherever_the_run_is_cut_off(boolean withKey) {
    SecretKey key = withKey ? KEY : null;
    Journal whole = Journal.inMemory();
    AgentResult all = agent(whole, key).run("task");
    assertThat(statuses(all)).containsOnly(Status.OK).hasSize(6);
    assertThat(done).containsExactlyInAnyOrder("a", "pin-one", "b", "pin-two", "card-3", "c");
    assertThatNobodyReadsSecrets(all, whole);
    List<Entry> entries = whole.read("r");
    int unknown = 0;
    int refused = 0;
    for (int length = 1; length < entries.size(); length++) {
      done.clear();
      events.clear();
      List<Entry> before = entries.subList(0, length);
      String where = "cut off after " + length + ", " + before.get(length - 1).kind();
      Journal cut = cutOff(entries, length);
      AgentResult result = agent(cut, key).resume("r");
      assertThat(result.stopReason()).as(where).isEqualTo(StopReason.ANSWERED);
      List<Status> expected = new ArrayList<>();
      for (int call = 0; call < CALLS.size(); call++) {
        expected.add(expected(before, call, withKey));
      }
      assertThat(statuses(result)).as(where).isEqualTo(expected);
      unknown += expected.contains(Status.UNKNOWN) ? 1 : 0;
      refused += expected.contains(Status.REFUSED) ? 1 : 0;
      long paid = done.stream().filter("card-3"::equals).count();
      assertThat(paid + (has(before, Kind.INTENT, 4) ? 1 : 0)).as(where).isLessThanOrEqualTo(1);
      assertThat(done.stream().filter(SECRETS::contains)).as(where).doesNotHaveDuplicates();
      assertThatNobodyReadsSecrets(result, cut);
      assertThat(agent(cut, key).replay("r").tree().toString())
          .as(where)
          .isEqualTo(result.tree().toString());
    }
    assertThat(unknown).isPositive();
    assertThat(refused > 0).isEqualTo(!withKey);
  }

  @Test
  void should_tell_of_lost_calls_in_their_order() {
    Journal whole = Journal.inMemory();
    agent(whole, null).run("task");
    List<Entry> entries = whole.read("r");
    int length = 0;
    while (entries.get(length++).kind() != Kind.CALLED) {}
    events.clear();
    AgentResult result = agent(cutOff(entries, length), null).resume("r");
    assertThat(statuses(result))
        .containsExactly(
            Status.OK, Status.REFUSED, Status.OK, Status.REFUSED, Status.REFUSED, Status.OK);
    assertThat(
            events.stream()
                .filter(
                    event ->
                        event instanceof RunEvent.Observed observed
                            && observed.observation().status() == Status.REFUSED)
                .map(event -> event.origin().call()))
        .containsExactly(1, 3, 4);
  }
}
