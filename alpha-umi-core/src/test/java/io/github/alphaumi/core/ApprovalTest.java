package io.github.alphaumi.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolSpecification;
import io.github.alphaumi.core.Approver.Answer;
import io.github.alphaumi.core.Journal.Entry;
import io.github.alphaumi.core.Journal.Kind;
import io.github.alphaumi.core.Journal.State;
import io.github.alphaumi.core.testkit.ManualTicker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls that somebody has to decide on, at once or hours later. */
class ApprovalTest {
  private static final ToolCall LESS = new ToolCall("refund", Map.of("order", "A-1", "amount", 5));

  private final Shop shop = new Shop();
  @TempDir Path folder;

  @BeforeEach
  void holdBack() {
    shop.approval = true;
  }

  private Journal journal() {
    return Journal.files(folder, Journal.Sync.EFFECTS);
  }

  /** What a process that starts anew has. */
  private Shop restarted() {
    Shop shop = new Shop();
    shop.approval = true;
    return shop;
  }

  private AgentResult suspended() {
    AgentResult result =
        shop.agent(journal()).approver(Approver.suspend()).build().run("Refund order A-1");
    assertThat(result.stopReason()).isEqualTo(StopReason.SUSPENDED);
    return result;
  }

  private static AgentResult resume(Shop shop, Journal journal, Answer decision) {
    return shop.agent(journal).approver(Approver.suspend()).build().resume("r", decision);
  }

  private static String observed(AgentResult result, int step) {
    return result.trajectory().steps().get(step).outcomes().get(0).observation().text();
  }

  @Test
  void a_run_waits_in_the_journal_with_the_call_that_was_asked_for() {
    AgentResult result = suspended();
    assertThat(result.detail()).isEqualTo("waits for a decision on " + Shop.REFUND);
    assertThat(result.answer()).hasValue("{\"look\": \"done\"}");
    assertThat(shop.done).containsExactly(Shop.LOOK);
    assertThat(journal().runs(State.SUSPENDED)).extracting(Journal.Summary::runId).contains("r");
    assertThat(restarted().agent(journal()).build().undecided("r")).hasValue(Shop.REFUND);
    assertThat(restarted().agent(journal()).build().replay("r").stopReason())
        .isEqualTo(StopReason.SUSPENDED);
  }

  @Test
  void what_was_approved_is_what_runs_and_no_model_is_asked_for_it_again() {
    suspended();
    Shop next = restarted();
    AgentResult result = resume(next, journal(), Answer.yes());
    assertThat(result.stopReason()).isEqualTo(StopReason.ANSWERED);
    assertThat(next.done).containsExactly(Shop.REFUND, Shop.LABEL);
    assertThat(next.asked).as("plan and call of the label, conclusion, answer").isEqualTo(4);
    assertThat(next.keys.get(0)).isEqualTo("refund r-2");
    assertThat(journal().runs(State.FINISHED)).hasSize(1);
    assertThat(restarted().agent(journal()).build().undecided("r")).isEmpty();
  }

  @Test
  void the_reason_of_a_denial_reaches_the_planner() {
    suspended();
    Shop next = restarted();
    AgentResult result = resume(next, journal(), Answer.no("the customer is a fraud"));
    assertThat(next.done).containsExactly(Shop.LABEL);
    assertThat(observed(result, 1)).contains("the customer is a fraud");
    assertThat(result.unknownOutcomes()).isEmpty();
  }

  @Test
  void edited_arguments_are_checked_again_and_stand_in_the_history() {
    suspended();
    Shop next = restarted();
    AgentResult result =
        resume(next, journal(), Answer.edit(Map.of("order", "A-1", "amount", "5")));
    assertThat(next.done).containsExactly(LESS, Shop.LABEL);
    assertThat(result.trajectory().steps().get(1).outcomes().get(0).call())
        .hasValue(new ToolCall("refund", Map.of("order", "A-1", "amount", "5")));
    assertThat(
            result.tree().node(2).calls().stream()
                .flatMap(made -> made.call().stream())
                .findFirst())
        .isEqualTo(result.trajectory().steps().get(1).outcomes().get(0).call());
    assertThat(restarted().agent(journal()).build().replay("r").tree().toString())
        .isEqualTo(result.tree().toString());
  }

  @Test
  void edited_arguments_that_do_not_fit_are_refused() {
    suspended();
    Shop next = restarted();
    AgentResult result =
        resume(next, journal(), Answer.edit(Map.of("order", "A-1", "amount", "much")));
    assertThat(next.done).containsExactly(Shop.LABEL);
    assertThat(observed(result, 1)).contains("amount is no number: much");
  }

  @Test
  void a_callback_decides_at_once_with_or_without_a_journal() {
    for (boolean journalled : new boolean[] {false, true}) {
      for (Answer answer : List.of(Answer.yes(), Answer.no("no"), Answer.edit(LESS.arguments()))) {
        Shop next = restarted();
        List<ToolCall> asked = new ArrayList<>();
        Agent.Builder builder = Agent.builder().roles(next.chain()).tools(next);
        if (journalled) {
          builder.journal(Journal.inMemory());
        }
        builder.approver(
            call -> {
              asked.add(call);
              return answer;
            });
        builder.build().run("Refund order A-1");
        assertThat(asked).containsExactly(Shop.REFUND);
        List<ToolCall> expected =
            switch (answer.verdict()) {
              case APPROVED -> List.of(Shop.LOOK, Shop.REFUND, Shop.LABEL);
              case EDITED -> List.of(Shop.LOOK, LESS, Shop.LABEL);
              default -> List.of(Shop.LOOK, Shop.LABEL);
            };
        assertThat(next.done).isEqualTo(expected);
      }
    }
  }

  @Test
  void without_a_journal_nothing_can_wait() {
    AgentResult result =
        Agent.builder()
            .roles(shop.chain())
            .tools(shop)
            .approver(Approver.suspend())
            .build()
            .run("Refund order A-1");
    assertThat(result.stopReason()).isEqualTo(StopReason.ANSWERED);
    assertThat(shop.done).containsExactly(Shop.LOOK, Shop.LABEL);
    assertThat(observed(result, 1)).contains("nobody can be asked");
  }

  @Test
  void a_waiting_run_that_is_resumed_without_a_decision_asks_again() {
    suspended();
    Shop next = restarted();
    AgentResult again = next.agent(journal()).approver(Approver.suspend()).build().resume("r");
    assertThat(again.stopReason()).isEqualTo(StopReason.SUSPENDED);
    assertThat(journal().runs(State.SUSPENDED)).hasSize(1);
    AgentResult result = next.agent(journal()).approver(call -> Answer.yes()).build().resume("r");
    assertThat(result.stopReason()).isEqualTo(StopReason.ANSWERED);
    assertThat(next.done).containsExactly(Shop.REFUND, Shop.LABEL);
    assertThat(next.asked).isEqualTo(4);
  }

  @Test
  void the_time_that_a_run_waits_is_not_its_own() {
    ManualTicker ticker = new ManualTicker();
    shop.modelFails =
        () -> {
          ticker.advance(Duration.ofSeconds(1));
          return false;
        };
    shop.agent(journal())
        .ticker(ticker)
        .approver(Approver.suspend())
        .build()
        .run("Refund order A-1");
    ManualTicker later = new ManualTicker();
    later.advance(Duration.ofHours(9));
    AgentResult result =
        restarted().agent(journal()).ticker(later).build().resume("r", Answer.yes());
    assertThat(result.stopReason()).isEqualTo(StopReason.ANSWERED);
    assertThat(result.usage().elapsed()).isEqualTo(Duration.ofSeconds(4));
  }

  @Test
  void cut_off_at_any_entry_a_decided_call_is_made_once_or_reported() {
    for (Answer decision : List.of(Answer.yes(), Answer.no("no"), Answer.edit(LESS.arguments()))) {
      Journal whole = Journal.inMemory();
      Shop first = restarted();
      first.agent(whole).approver(Approver.suspend()).build().run("Refund order A-1");
      AgentResult expected = resume(restarted(), whole, decision);
      List<Entry> entries = whole.read("r");
      for (int length = 1; length <= entries.size(); length++) {
        Journal cut = Journal.inMemory();
        List<Entry> before = entries.subList(0, length);
        try (Journal.Log log = cut.create("r")) {
          before.forEach(entry -> log.append(entry.kind(), entry.data()));
        }
        Shop next = restarted();
        AgentResult result = next.agent(cut).approver(call -> decision).build().resume("r");
        String where = decision.verdict() + ", after " + length + " entries";
        assertThat(result.stopReason()).as(where).isEqualTo(StopReason.ANSWERED);
        boolean refundMayHaveRun =
            before.get(length - 1).kind() == Kind.INTENT
                && before.get(length - 1).data().contains("refund");
        long here = next.done.stream().filter(call -> call.name().equals("refund")).count();
        if (refundMayHaveRun) {
          assertThat(here).as(where).isZero();
          assertThat(result.unknownOutcomes()).as(where).hasSize(1);
        } else {
          assertThat(result.tree().toString()).as(where).isEqualTo(expected.tree().toString());
          assertThat(result.unknownOutcomes()).as(where).isEmpty();
        }
      }
    }
  }

  @Test
  void a_toolbox_that_swallows_what_it_does_not_know_suspends_the_run_all_the_same() {
    Toolbox swallowing =
        new Toolbox() {
          @Override
          public List<ToolSpecification> specifications() {
            return shop.specifications();
          }

          @Override
          public Effect effect(String tool) {
            return shop.effect(tool);
          }

          @Override
          public Observation execute(ToolCall call, RunContext context) {
            try {
              return shop.execute(call, context);
            } catch (RuntimeException e) {
              return Observation.error(Observation.Status.FAILED, "failed");
            }
          }
        };
    Agent agent =
        Agent.builder()
            .roles(shop.chain())
            .tools(swallowing)
            .journal(journal())
            .runIds(() -> "r")
            .approver(Approver.suspend())
            .build();
    assertThat(agent.run("Refund order A-1").stopReason()).isEqualTo(StopReason.SUSPENDED);
    assertThat(agent.resume("r", Answer.yes()).stopReason()).isEqualTo(StopReason.ANSWERED);
    assertThat(shop.done).containsExactly(Shop.LOOK, Shop.REFUND, Shop.LABEL);
  }

  @Test
  void a_decision_is_taken_once() {
    suspended();
    Shop next = restarted();
    next.modelFails = () -> true;
    assertThat(resume(next, journal(), Answer.yes()).stopReason())
        .isEqualTo(StopReason.MODEL_FAILED);
    assertThatThrownBy(() -> resume(restarted(), journal(), Answer.yes()))
        .isInstanceOf(Journal.Failure.class)
        .hasMessageContaining("resume it without one");
    assertThat(next.done).containsExactly(Shop.REFUND);
  }
}
