package io.github.alphaumi.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import io.github.alphaumi.core.Agent;
import io.github.alphaumi.core.AgentResult;
import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.core.Approver;
import io.github.alphaumi.core.Approver.Answer;
import io.github.alphaumi.core.Caller;
import io.github.alphaumi.core.Decision;
import io.github.alphaumi.core.Effect;
import io.github.alphaumi.core.Journal;
import io.github.alphaumi.core.Journal.Entry;
import io.github.alphaumi.core.Observation;
import io.github.alphaumi.core.Observation.Status;
import io.github.alphaumi.core.Roles;
import io.github.alphaumi.core.RunEvent;
import io.github.alphaumi.core.RunReport;
import io.github.alphaumi.core.StopReason;
import io.github.alphaumi.core.ToolCall;
import io.github.alphaumi.core.Toolbox;
import io.github.alphaumi.core.testkit.FakeRunContext;
import io.github.alphaumi.core.testkit.ManualTicker;
import io.github.alphaumi.core.testkit.ScriptedChatModel;
import io.github.alphaumi.core.testkit.ScriptedRoles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Arguments that the tool gets and nobody else reads. */
class RedactedArgumentsTest {
  private static final String SECRET = "4111-2222-3333";
  private static final SecretKey KEY = new SecretKeySpec(new byte[16], "AES");
  private static final Map<String, Object> PAYMENT =
      Map.of("card", Map.of("holder", "Ann", "number", SECRET), "cents", 700);

  private final List<String> done = new ArrayList<>();
  private final List<RunEvent> events = new ArrayList<>();

  record Card(String holder, String number) {}

  /** Tools that are told secrets and repeat them. */
  final class Bank {
    @Tool("Pays with a card")
    @Policy(redactedArguments = "card.number")
    Map<String, Object> pay(Card card, int cents) {
      done.add(card.number() + " " + cents);
      return Map.of("paid", cents, "by", "card " + card.number() + " of " + card.holder());
    }

    @Tool("Fails and says why")
    @Policy(redactedArguments = "pin", exposeErrors = true, effect = Effect.READ_ONLY)
    String unlock(String pin, int tries) {
      if (tries > 1) {
        throw new IllegalStateException("wrong pin " + pin);
      }
      throw new ToolException("the pin " + pin + " is old");
    }

    @Tool("Takes a number")
    @Policy(redactedArguments = "code")
    String code(int code) {
      return "ok";
    }
  }

  private Toolbox bank() {
    return AnnotatedTools.of(new Bank());
  }

  private Agent.Builder agent(Roles roles, @Nullable Journal journal, @Nullable SecretKey key) {
    Agent.Builder agent =
        Agent.builder()
            .roles(roles)
            .tools(bank())
            .listener(events::add)
            .ticker(new ManualTicker())
            .runIds(() -> "r");
    if (journal != null) {
      agent.journal(journal);
    }
    if (key != null) {
      agent.journalKey(key);
    }
    return agent;
  }

  /** Pays once; plans anew only what was certainly not done. */
  private static Roles paying() {
    return new Roles(
        (path, tools, context) ->
            path.last()
                    .map(step -> step.outcomes().get(0).observation().status() == Status.REFUSED)
                    .orElse(true)
                ? new Decision.Call("pay")
                : new Decision.Conclude("paid"),
        (path, plan, tools, context) -> new ToolCall("pay", PAYMENT),
        (path, plan, tools, context) ->
            path.last().orElseThrow().outcomes().get(0).observation().text());
  }

  private static Journal cutOff(List<Entry> entries, int length) {
    Journal journal = Journal.inMemory();
    try (Journal.Log log = journal.create("r")) {
      entries.subList(0, length).forEach(entry -> log.append(entry.kind(), entry.data()));
    }
    return journal;
  }

  private void assertThatNobodyReads(String secret, AgentResult result, Journal journal) {
    assertThat(events.toString()).doesNotContain(secret);
    assertThat(journal.read("r").toString()).doesNotContain(secret);
    assertThat(result.toString()).doesNotContain(secret);
    assertThat(result.trajectory().steps().toString()).doesNotContain(secret);
    assertThat(RunReport.of(result).toJson()).doesNotContain(secret);
    assertThat(RunReport.of(result).toHtml()).doesNotContain(secret);
    assertThat(RunReport.of(journal, "r").toJson()).doesNotContain(secret);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void should_give_an_argument_to_the_tool_and_to_nobody_else(boolean withKey) {
    Journal journal = Journal.inMemory();
    AgentResult result =
        agent(paying(), journal, withKey ? KEY : null).build().run("Pay 7 euros with my card");
    assertThat(done).containsExactly(SECRET + " 700");
    assertThatNobodyReads(SECRET, result, journal);
    assertThat(
            result.trajectory().steps().get(0).outcomes().get(0).call().orElseThrow().arguments())
        .isEqualTo(Map.of("card", Map.of("holder", "Ann", "number", "[redacted]"), "cents", 700));
    assertThat(result.answer().orElseThrow()).contains("card [redacted] of Ann");
    assertThat(events)
        .anyMatch(
            event ->
                event instanceof RunEvent.Called called
                    && called.call().toString().contains("[redacted]"));
    AgentResult again = agent(paying(), journal, withKey ? KEY : null).build().replay("r");
    assertThat(again.trajectory().steps().toString())
        .isEqualTo(result.trajectory().steps().toString());
    assertThat(agent(paying(), journal, null).build().replay("r").answer())
        .isEqualTo(result.answer());
  }

  @Test
  void should_leave_it_out_of_later_prompts_and_of_what_is_told_of_a_caller_at_work() {
    ScriptedChatModel model = new ScriptedChatModel();
    model
        .says("Pay it. Next: caller.")
        .says("pay with the card " + SECRET)
        .says(
            AiMessage.from(
                ToolExecutionRequest.builder()
                    .id("1")
                    .name("pay")
                    .arguments(
                        "{'card': {'holder': 'Ann', 'number': '" + SECRET + "'}, 'cents': 700}")
                    .build()))
        .says("All is known. Next: conclusion.")
        .says("Paid.");
    Journal journal = Journal.inMemory();
    AgentResult result = agent(Roles.prompted(model), journal, null).build().run("Pay");
    assertThat(result.answer()).hasValue("Paid.");
    assertThat(done).containsExactly(SECRET + " 700");
    assertThatNobodyReads(SECRET, result, journal);
    assertThat(result.usage().repairs()).isEqualTo(2);
    assertThat(model.requests().get(1).toString()).doesNotContain(SECRET);
    for (int later = 3; later < model.requests().size(); later++) {
      assertThat(model.requests().get(later).toString())
          .contains("[redacted]")
          .doesNotContain(SECRET);
    }
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void should_pay_at_most_once_wherever_the_run_is_cut_off(boolean withKey) {
    SecretKey key = withKey ? KEY : null;
    Journal whole = Journal.inMemory();
    agent(paying(), whole, key).build().run("Pay");
    List<Entry> entries = whole.read("r");
    for (int length = 1; length < entries.size(); length++) {
      done.clear();
      boolean ran =
          entries.subList(0, length).stream().anyMatch(e -> e.kind() == Journal.Kind.INTENT);
      Journal cut = cutOff(entries, length);
      AgentResult result = agent(paying(), cut, key).build().resume("r");
      String where = "cut off after " + entries.get(length - 1).kind();
      assertThat(result.stopReason()).as(where).isEqualTo(StopReason.ANSWERED);
      assertThat(done).as(where).isEqualTo(ran ? List.of() : List.of(SECRET + " 700"));
      boolean called =
          entries.subList(0, length).stream().anyMatch(e -> e.kind() == Journal.Kind.CALLED);
      assertThat(result.trajectory().steps()).as(where).hasSize(called && !ran && !withKey ? 2 : 1);
      assertThatNobodyReads(SECRET, result, cut);
      AgentResult again = agent(paying(), cut, key).build().resume("r");
      assertThat(again.answer()).as(where).isEqualTo(result.answer());
    }
  }

  @Test
  void should_say_why_a_call_was_not_made_whose_arguments_were_not_kept() {
    Journal whole = Journal.inMemory();
    agent(paying(), whole, null).build().run("Pay");
    List<Entry> entries = whole.read("r");
    int called =
        entries.indexOf(
            entries.stream()
                .filter(e -> e.kind() == Journal.Kind.CALLED)
                .findFirst()
                .orElseThrow());
    Journal cut = cutOff(entries, called + 1);
    AgentResult result = agent(paying(), cut, null).build().resume("r");
    Observation first = result.trajectory().steps().get(0).outcomes().get(0).observation();
    assertThat(first.status()).isEqualTo(Status.REFUSED);
    assertThat(first.text())
        .contains("pay was not called", "arguments that are redacted were not kept");
  }

  @Test
  void should_not_make_a_call_again_that_may_be_one_of_an_earlier_life() {
    Journal whole = Journal.inMemory();
    agent(payingTwice(), whole, null).build().run("Pay");
    assertThat(done).containsExactly(SECRET + " 700");
    List<Entry> entries = whole.read("r");
    for (int length = 1; length < entries.size(); length++) {
      done.clear();
      boolean ran =
          entries.subList(0, length).stream().anyMatch(e -> e.kind() == Journal.Kind.INTENT);
      Journal cut = cutOff(entries, length);
      AgentResult result = agent(payingTwice(), cut, null).build().resume("r");
      assertThat(done).hasSize(ran ? 0 : 1);
      assertThat(agent(payingTwice(), cut, null).build().replay("r").tree().toString())
          .isEqualTo(result.tree().toString());
    }
  }

  /** A planner that wants everything a second time. */
  private static Roles payingTwice() {
    return new Roles(
        (path, tools, context) ->
            path.steps().size() < 2
                    || path.last().orElseThrow().outcomes().get(0).observation().status()
                        == Status.REFUSED
                ? new Decision.Call("pay")
                : new Decision.Conclude("paid"),
        (path, plan, tools, context) -> new ToolCall("pay", PAYMENT),
        (path, plan, tools, context) -> "paid");
  }

  @Test
  void should_tell_two_secrets_apart_in_one_run_and_in_its_replay() {
    Journal journal = Journal.inMemory();
    Map<String, Object> other =
        Map.of("card", Map.of("holder", "Ann", "number", "9999-8888"), "cents", 700);
    Roles roles =
        new Roles(
            (path, tools, context) ->
                path.steps().size() < 2 ? new Decision.Call("pay") : new Decision.Conclude("paid"),
            (path, plan, tools, context) ->
                new ToolCall("pay", path.steps().isEmpty() ? PAYMENT : other),
            (path, plan, tools, context) -> "paid");
    AgentResult result = agent(roles, journal, null).build().run("Pay twice");
    assertThat(done).containsExactly(SECRET + " 700", "9999-8888 700");
    assertThat(agent(roles, journal, null).build().replay("r").tree().toString())
        .isEqualTo(result.tree().toString());
  }

  private Agent approving(Journal journal, @Nullable SecretKey key, Approver approver) {
    Toolbox tools =
        AnnotatedTools.builder()
            .add(new Bank())
            .policy(
                "pay", ToolPolicy.defaults().withApproval().withRedactedArguments("card.number"))
            .build();
    Agent.Builder agent =
        Agent.builder()
            .roles(paying())
            .tools(tools)
            .listener(events::add)
            .journal(journal)
            .approver(approver)
            .runIds(() -> "r");
    return (key == null ? agent : agent.journalKey(key)).build();
  }

  @Test
  void should_make_a_call_that_is_approved_later_with_its_real_arguments() {
    Journal journal = Journal.inMemory();
    AgentResult waiting = approving(journal, KEY, Approver.suspend()).run("Pay");
    assertThat(waiting.stopReason()).isEqualTo(StopReason.SUSPENDED);
    assertThat(waiting.detail()).contains("[redacted]").doesNotContain(SECRET);
    Agent next = approving(journal, KEY, Approver.suspend());
    assertThat(next.undecided("r").orElseThrow().toString()).contains("[redacted]");
    AgentResult result = next.resume("r", Answer.yes());
    assertThat(done).containsExactly(SECRET + " 700");
    assertThatNobodyReads(SECRET, result, journal);
  }

  @Test
  void should_redact_what_an_approver_wrote_instead() {
    Journal journal = Journal.inMemory();
    approving(journal, KEY, Approver.suspend()).run("Pay");
    Map<String, Object> other =
        Map.of("card", Map.of("holder", "Bob", "number", "7777-6666"), "cents", 5);
    AgentResult result =
        approving(journal, KEY, Approver.suspend()).resume("r", Answer.edit(other));
    assertThat(done).containsExactly("7777-6666 5");
    assertThatNobodyReads("7777-6666", result, journal);
    assertThatNobodyReads(SECRET, result, journal);
  }

  @Test
  void should_show_an_approver_what_will_be_done() {
    List<ToolCall> asked = new ArrayList<>();
    Journal journal = Journal.inMemory();
    AgentResult result =
        approving(
                journal,
                null,
                call -> {
                  asked.add(call);
                  return Answer.yes();
                })
            .run("Pay");
    assertThat(asked.toString()).contains(SECRET);
    assertThat(done).containsExactly(SECRET + " 700");
    assertThatNobodyReads(SECRET, result, journal);
  }

  @Test
  void should_refuse_to_wait_for_an_approval_where_arguments_are_not_kept() {
    Journal journal = Journal.inMemory();
    Agent agent =
        Agent.builder()
            .roles(ScriptedRoles.create().call("pay", PAYMENT).conclude("Not paid.").roles())
            .tools(
                AnnotatedTools.builder()
                    .add(new Bank())
                    .policy(
                        "pay", ToolPolicy.defaults().withApproval().withRedactedArguments("number"))
                    .build())
            .journal(journal)
            .approver(Approver.suspend())
            .runIds(() -> "r")
            .build();
    AgentResult result = agent.run("Pay");
    assertThat(result.stopReason()).isEqualTo(StopReason.ANSWERED);
    assertThat(result.trajectory().steps().get(0).outcomes().get(0).observation().text())
        .contains("redacted arguments are not kept");
    assertThat(done).isEmpty();
  }

  @Test
  void should_say_that_the_key_is_another_one() {
    Journal whole = Journal.inMemory();
    agent(paying(), whole, KEY).build().run("Pay");
    List<Entry> entries = whole.read("r");
    Journal cut = cutOff(entries, entries.size() - 2);
    SecretKey other =
        new SecretKeySpec(
            new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}, "AES");
    assertThatThrownBy(() -> agent(paying(), cut, other).build().resume("r"))
        .isInstanceOf(Journal.Failure.class)
        .hasMessageContaining("cannot be read with this journalKey");
  }

  @Test
  void should_leave_out_what_a_tool_says_of_it_when_it_fails() {
    FakeRunContext context = new FakeRunContext();
    for (int tries = 1; tries <= 2; tries++) {
      Observation told =
          bank()
              .execute(
                  new ToolCall("unlock", Map.of("pin", "secret-pin", "tries", tries)), context);
      assertThat(told.status()).isEqualTo(Status.FAILED);
      assertThat(told.text()).contains("pin [redacted]").doesNotContain("secret-pin");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"code\": \"hidden-code\"}",
        "{\"code\": [\"hidden-code\"]}",
        "{\"code\": {\"x\": \"hidden-code\"}}",
        "{\"cod\": \"hidden-code\"}",
        "{\"secret\": \"hidden-code\"}",
      })
  void should_not_quote_it_in_a_complaint(String arguments) {
    Observation refused = Calls.run(bank(), "code", arguments);
    assertThat(refused.status()).isEqualTo(Status.INVALID);
    assertThat(refused.text()).contains("code").doesNotContain("hidden-code");
    assertThat(bank().redacted(Calls.call("code", arguments)).toString())
        .doesNotContain("hidden-code");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"card\": \"{'holder': 'Ann', 'number': 'hidden'}\", \"cents\": 700}",
        "{\"card\": [{\"holder\": \"Ann\", \"number\": \"hidden\"}], \"cents\": 700}",
        "{\"Card\": {\"holder\": \"Ann\", \"number\": \"hidden\"}, \"cents\": 700}",
        "{\"card\": {\"holder\": \"Ann\", \"cardNumber\": \"hidden\"}, \"cents\": 700}",
      })
  void should_find_it_where_a_weak_model_puts_it(String arguments) {
    ToolCall shown = bank().redacted(Calls.call("pay", arguments));
    assertThat(shown.toString()).contains("[redacted]", "700").doesNotContain("hidden");
    assertThat(bank().redacted(shown)).isEqualTo(shown);
    assertThat(bank().redacted(Calls.call("paid", arguments)).toString())
        .doesNotContain("hidden", "Ann");
  }

  @Test
  void should_keep_a_text_that_is_no_call_out_of_the_journal() {
    Journal journal = Journal.inMemory();
    Roles roles =
        new Roles(
            (path, tools, context) ->
                path.steps().isEmpty() ? new Decision.Call("pay") : new Decision.Conclude("no"),
            (path, plan, tools, context) -> new Caller.Unreadable("pay " + SECRET, "no call"),
            (path, plan, tools, context) -> "no");
    AgentResult result = agent(roles, journal, null).build().run("Pay");
    assertThatNobodyReads(SECRET, result, journal);
  }

  @Test
  void should_let_the_builder_win_over_the_annotation() {
    Toolbox tools =
        AnnotatedTools.builder()
            .add(new Bank())
            .policy("pay", ToolPolicy.defaults().withRedactedArguments("holder"))
            .build();
    assertThat(tools.redacted(new ToolCall("pay", PAYMENT)).toString())
        .contains(SECRET)
        .doesNotContain("Ann");
  }

  @Test
  void should_refuse_to_redact_what_is_not_there() {
    assertThatThrownBy(
            () ->
                AnnotatedTools.builder()
                    .add(new Bank())
                    .policy("pay", ToolPolicy.defaults().withRedactedArguments("card.numbr"))
                    .build())
        .isInstanceOf(AlphaUmiException.class)
        .hasMessageContaining(
            "tool 'pay': the argument card.numbr is to be redacted and does not exist; there are"
                + " [card, card.holder, card.number, cents]");
  }

  @Test
  void should_leave_it_out_of_records_and_play_them_back(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("calls.json");
    Toolbox live = RecordedTools.recording(bank(), file);
    Observation paid = live.execute(new ToolCall("pay", PAYMENT), new FakeRunContext());
    assertThat(Files.readString(file)).contains("[redacted]").doesNotContain(SECRET);
    Toolbox replay = RecordedTools.replay(file);
    assertThat(replay.execute(new ToolCall("pay", PAYMENT), new FakeRunContext())).isEqualTo(paid);
    assertThat(replay.redacted(new ToolCall("pay", PAYMENT)))
        .isEqualTo(live.redacted(new ToolCall("pay", PAYMENT)));
  }
}
