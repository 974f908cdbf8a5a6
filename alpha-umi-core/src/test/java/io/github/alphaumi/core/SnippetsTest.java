package io.github.alphaumi.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.SystemMessage;
import io.github.alphaumi.core.testkit.FakeRunContext;
import io.github.alphaumi.core.testkit.FakeToolbox;
import io.github.alphaumi.core.testkit.ScriptedChatModel;
import io.github.alphaumi.core.testkit.ScriptedRoles;
import io.github.alphaumi.core.testkit.ScriptedTextModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnippetsTest {
  private final FakeToolbox tools =
      new FakeToolbox(Tools.SHOP, call -> Observation.ok("{\"status\": \"shipped\"}"));

  @Test
  void should_answer_as_the_readme_says() {
    ScriptedChatModel model =
        new ScriptedChatModel()
            .says("Call orderStatus for A-4711. Next: caller.")
            .says("Action: orderStatus\nAction Input: {\"orderId\": \"A-4711\"}")
            .says("The result is in. Next: conclusion.")
            .says("It is shipped.");

    assertThat(Snippets.quickstart(model, tools)).isEqualTo("It is shipped.");
    assertThat(tools.executed()).hasSize(1);
  }

  @Test
  void should_mix_a_remote_planner_with_local_roles() {
    ScriptedChatModel remote = new ScriptedChatModel().says("No tool is needed. Next: conclusion.");
    ScriptedTextModel local = new ScriptedTextModel().writes("You are welcome!");
    AgentResult result = Snippets.remotePlannerLocalRest(remote, local, tools).run("thanks");

    assertThat(result.answer()).contains("You are welcome!");
  }

  @Test
  void should_plan_by_example_with_a_large_model_and_call_with_a_small_one() {
    ScriptedChatModel large = new ScriptedChatModel().says("Call orderStatus for 7. Next: caller.");
    ScriptedTextModel small = new ScriptedTextModel().writes("What?").writes("What?");
    ScriptedChatModel remote =
        new ScriptedChatModel().says("Action: orderStatus\nAction Input: {\"orderId\": \"7\"}");
    Trajectory start = Trajectory.start("Where is order 7?");
    FakeRunContext context = new FakeRunContext();
    Decision plan =
        Snippets.largePlannerSmallCaller(large, small).planner().plan(start, Tools.SHOP, context);

    assertThat(
            Snippets.localThenRemote(small, remote)
                .call(start, (Decision.Call) plan, Tools.SHOP, context))
        .isEqualTo(new ToolCall("orderStatus", Map.of("orderId", "7")));

    AgentResult good =
        Agent.builder()
            .roles(
                ScriptedRoles.create()
                    .call("orderStatus", Map.of("orderId", "1"))
                    .conclude("Shipped.")
                    .roles())
            .tools(tools)
            .build()
            .run("Where is order 1?");
    Snippets.byExample(large.says("Next: conclusion."), good).plan(start, Tools.SHOP, context);
    assertThat(((SystemMessage) large.requests().get(1).messages().get(0)).text())
        .contains(
            """
            Example:
            Task: Where is order 1?
            You: call orderStatus Next: caller.
            Observation: {"status": "shipped"}
            You: All that was asked for is known. Next: conclusion.""");
  }

  @Test
  void should_answer_with_values() {
    ScriptedChatModel model =
        new ScriptedChatModel()
            .says("Next: conclusion.")
            .says("{\"orderId\": \"A-4711\", \"status\": \"shipped\"}")
            .says("Next: conclusion.")
            .says("[{\"orderId\": \"A-4711\", \"status\": \"shipped\"}]");
    Agent agent = Agent.builder().roles(Roles.prompted(model)).build();
    Snippets.OrderSummary summary = new Snippets.OrderSummary("A-4711", "shipped");

    assertThat(Snippets.asValue(agent)).contains(summary);
    assertThat(Snippets.asList(agent)).contains(List.of(summary));
  }

  @Test
  void should_end_a_run_from_another_thread() {
    Agent patient =
        Agent.builder()
            .roles(
                new Roles(
                    (trajectory, tools, context) -> {
                      while (!context.cancellation().isCancelled()) {
                        Thread.onSpinWait();
                      }
                      return new Decision.Call("");
                    },
                    (trajectory, plan, tools, context) -> new Caller.Unreadable("", ""),
                    (trajectory, plan, tools, context) -> ""))
            .build();

    assertThat(Snippets.cancelFromAnotherThread(patient, Cancellation.create()).stopReason())
        .isEqualTo(StopReason.CANCELLED);
  }

  @Test
  void should_search_over_a_tree() {
    ScriptedChatModel model =
        new ScriptedChatModel()
            .says("No order of that number. Next: give up.")
            .says("Nothing to look up after all. Next: conclusion.")
            .says("It is shipped.");

    assertThat(Snippets.search(model, tools).tree().nodes()).hasSize(3);
  }

  @Test
  void should_start_and_follow_up() {
    Roles roles =
        new Roles(
            (trajectory, tools, context) -> new Decision.Conclude(""),
            (trajectory, plan, tools, context) -> new Caller.Unreadable("", ""),
            (trajectory, plan, tools, context) ->
                trajectory.conversation().exchanges().isEmpty() ? "shipped" : "refunded");
    Agent agent = Agent.builder().roles(roles).executor(Runnable::run).build();

    assertThat(Snippets.start(agent, java.time.Duration.ofMinutes(1))).contains("shipped");
    assertThat(Snippets.followUp(agent).answer()).contains("refunded");
    assertThat(Snippets.desk(roles, tools, agent).run("task").answer()).contains("shipped");
  }

  @Test
  void should_wait_for_approval_and_go_on_in_another_process(@TempDir Path folder) {
    Shop shop = new Shop();
    shop.approval = true;
    Agent agent = Snippets.thatWaitsForApproval(shop.chain(), shop, folder);
    String runId = Snippets.ask(agent, "Refund order A-1").orElseThrow();
    Agent other = Snippets.thatWaitsForApproval(shop.chain(), shop, folder);

    assertThat(Snippets.decideInAnotherProcess(other, runId).stopReason())
        .isEqualTo(StopReason.ANSWERED);
    assertThat(shop.done).containsExactly(Shop.LOOK, Shop.REFUND, Shop.LABEL);
  }

  @Test
  void should_go_on_after_a_restart(@TempDir Path folder) {
    Journal journal = Journal.files(folder, Journal.Sync.EFFECTS);
    Shop shop = new Shop();
    shop.modelFails = () -> shop.asked == 3;
    shop.agent(journal).build().run("Refund order A-1");
    Snippets.goOnAfterARestart(shop.agent(journal).build(), journal);

    assertThat(journal.runs(Journal.State.FINISHED)).hasSize(1);
  }
}
