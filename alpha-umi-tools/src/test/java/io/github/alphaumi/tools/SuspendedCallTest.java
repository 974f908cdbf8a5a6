package io.github.alphaumi.tools;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.Tool;
import io.github.alphaumi.core.Agent;
import io.github.alphaumi.core.AgentResult;
import io.github.alphaumi.core.Approver;
import io.github.alphaumi.core.Approver.Answer;
import io.github.alphaumi.core.Journal;
import io.github.alphaumi.core.Observation;
import io.github.alphaumi.core.StopReason;
import io.github.alphaumi.core.ToolCall;
import io.github.alphaumi.core.Toolbox;
import io.github.alphaumi.core.testkit.ScriptedRoles;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Calls of annotated methods that wait for a decision in a journal. */
class SuspendedCallTest {
  private final Journal journal = Journal.inMemory();
  private final List<String> done = new ArrayList<>();

  /** A tool that its policy holds back. */
  final class Refunds {
    @Tool("Refund an order")
    @Policy(approval = true)
    String refund(String order, int cents, ToolContext context) {
      done.add(order + " " + cents + " " + context.idempotencyKey());
      return "refunded";
    }
  }

  private Agent agent(ScriptedRoles roles) {
    Toolbox tools = AnnotatedTools.of(new Refunds());
    return Agent.builder()
        .roles(roles.roles())
        .tools(tools)
        .journal(journal)
        .approver(Approver.suspend())
        .runIds(() -> "r")
        .build();
  }

  private AgentResult resumed(Answer decision) {
    AgentResult waiting =
        agent(ScriptedRoles.create().call("refund", Map.of("order", "A-1", "cents", "2000")))
            .run("Refund A-1");
    assertThat(waiting.stopReason()).isEqualTo(StopReason.SUSPENDED);
    assertThat(done).isEmpty();
    Agent next = agent(ScriptedRoles.create().conclude("Done."));
    assertThat(next.undecided("r"))
        .hasValue(new ToolCall("refund", Map.of("order", "A-1", "cents", 2000)));
    AgentResult result = next.resume("r", decision);
    assertThat(result.stopReason()).isEqualTo(StopReason.ANSWERED);
    return result;
  }

  private static Observation observation(AgentResult result) {
    return result.trajectory().steps().get(0).outcomes().get(0).observation();
  }

  @Test
  void an_approved_call_runs_with_its_mended_arguments() {
    AgentResult result = resumed(Answer.yes());
    assertThat(done).containsExactly("A-1 2000 r-1");
    assertThat(result.usage().repairs()).isEqualTo(1);
  }

  @Test
  void a_denied_call_does_not_run_and_the_reason_is_told() {
    assertThat(observation(resumed(Answer.no("too much"))).text()).contains("too much");
    assertThat(done).isEmpty();
  }

  @Test
  void edited_arguments_are_mended_and_checked_like_a_models() {
    resumed(Answer.edit(Map.of("order", "A-1", "cents", "500")));
    assertThat(done).containsExactly("A-1 500 r-1");
  }

  @Test
  void edited_arguments_that_do_not_fit_never_reach_the_method() {
    Observation observation = observation(resumed(Answer.edit(Map.of("order", "A-1"))));
    assertThat(observation.status()).isEqualTo(Observation.Status.INVALID);
    assertThat(observation.text()).contains("cents");
    assertThat(done).isEmpty();
  }
}
