package io.github.alphaumi.tools;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.agent.tool.ToolSpecification;
import io.github.alphaumi.core.Agent;
import io.github.alphaumi.core.AgentResult;
import io.github.alphaumi.core.Approver;
import io.github.alphaumi.core.Decision;
import io.github.alphaumi.core.Effect;
import io.github.alphaumi.core.Journal;
import io.github.alphaumi.core.Observation;
import io.github.alphaumi.core.Roles;
import io.github.alphaumi.core.RunEvent;
import io.github.alphaumi.core.StopReason;
import io.github.alphaumi.core.ToolCall;
import io.github.alphaumi.core.Toolbox;
import io.github.alphaumi.core.Trajectory;
import io.github.alphaumi.core.testkit.FakeRunContext;
import io.github.alphaumi.core.testkit.RecordingListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** On whose behalf a run is: what tools know of it, and which tools it knows of. */
class AttributesTest {

  static class Desk {
    @Tool
    @Policy(effect = Effect.READ_ONLY)
    String whoAmI(ToolContext context) {
      context.progress("looking");
      return context.attribute("user").orElse("nobody") + " " + context.idempotencyKey();
    }

    @Tool
    String refund(String orderId) {
      return "refunded " + orderId;
    }
  }

  private static Toolbox tools() {
    return AnnotatedTools.builder()
        .add(new Desk())
        .policy(
            "refund",
            ToolPolicy.defaults()
                .withApproval()
                .withVisibility(run -> "support".equals(run.get("team"))))
        .build();
  }

  private static Agent.Builder calling(Toolbox tools, ToolCall call, List<List<String>> read) {
    return Agent.builder()
        .runIds(() -> "run")
        .tools(tools)
        .roles(
            new Roles(
                (path, listed, context) -> {
                  read.add(listed.stream().map(ToolSpecification::name).toList());
                  return path.steps().isEmpty()
                      ? new Decision.Call("do it")
                      : new Decision.Conclude("done");
                },
                (path, plan, listed, context) -> call,
                (path, plan, listed, context) ->
                    path.last().orElseThrow().outcomes().get(0).observation().text()));
  }

  private static final ToolCall WHO = new ToolCall("whoAmI", Map.of());
  private static final ToolCall REFUND = new ToolCall("refund", Map.of("orderId", "7"));

  @Test
  void should_tell_tools_on_whose_behalf_a_run_is_and_listeners_how_far_they_are() {
    RecordingListener events = new RecordingListener();
    Agent agent = calling(tools(), WHO, new ArrayList<>()).listener(events).build();

    assertThat(agent.with(Map.of("user", "ann")).run("who?").answer().orElseThrow())
        .contains("ann run-1");
    assertThat(agent.run("who?").answer().orElseThrow()).contains("nobody run-1");
    assertThat(events.events(RunEvent.Progressed.class))
        .extracting(RunEvent.Progressed::text)
        .containsExactly("looking", "looking");
  }

  @Test
  void should_hide_a_tool_from_models_and_refuse_its_calls() {
    List<List<String>> read = new ArrayList<>();
    Agent agent = calling(tools(), REFUND, read).approver(call -> Approver.Answer.yes()).build();
    AgentResult stranger = agent.with(Map.of("team", "sales")).run("refund 7");
    AgentResult support = agent.with(Map.of("team", "support")).run("refund 7");

    assertThat(read.get(0)).containsExactly("whoAmI");
    assertThat(stranger.trajectory().last().orElseThrow().outcomes().get(0).observation().status())
        .isEqualTo(Observation.Status.INVALID);
    assertThat(stranger.answer().orElseThrow())
        .contains("the tool refund does not exist; use whoAmI");
    assertThat(read.get(2)).containsExactly("refund", "whoAmI");
    assertThat(support.answer().orElseThrow()).contains("refunded 7");
  }

  @Test
  void should_not_find_what_a_run_may_not_know_of() {
    Toolbox tools = ToolSearch.byWords(tools(), 1);
    Trajectory task = Trajectory.start("refund my order");
    FakeRunContext support = new FakeRunContext().withAttributes(Map.of("team", "support"));

    assertThat(tools.shown(tools.specifications(), task, support))
        .extracting(ToolSpecification::name)
        .contains("refund");
    assertThat(tools.shown(tools.specifications(), task, new FakeRunContext()))
        .extracting(ToolSpecification::name)
        .containsExactly(ToolSearch.FIND);
    assertThat(Calls.run(tools, ToolSearch.FIND, "{\"need\": \"refund an order\"}").text())
        .doesNotContain("refund");
  }

  @Test
  void should_have_the_attributes_again_when_a_run_is_resumed() {
    Journal journal = Journal.inMemory();
    Agent agent =
        calling(tools(), REFUND, new ArrayList<>())
            .approver(call -> Approver.Answer.later())
            .journal(journal)
            .build();
    AgentResult waiting = agent.with(Map.of("team", "support")).run("refund 7");
    assertThat(waiting.stopReason()).isEqualTo(StopReason.SUSPENDED);

    AgentResult resumed = agent.resume("run", Approver.Answer.yes());
    assertThat(resumed.answer().orElseThrow()).contains("refunded 7");
  }

  @Test
  void should_hand_the_attributes_to_agents_that_a_run_asks() {
    Agent clerk = calling(tools(), WHO, new ArrayList<>()).build();
    Toolbox asking = clerk.asTool("askClerk", "Asks the clerk");
    Agent agent =
        calling(asking, new ToolCall("askClerk", Map.of("task", "who?")), new ArrayList<>())
            .build();

    assertThat(agent.with(Map.of("user", "ann")).run("ask").answer().orElseThrow())
        .contains("ann ");
  }
}
