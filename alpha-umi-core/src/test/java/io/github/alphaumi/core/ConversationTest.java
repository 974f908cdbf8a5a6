package io.github.alphaumi.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import io.github.alphaumi.core.Conversation.Exchange;
import io.github.alphaumi.core.testkit.FakeRunContext;
import io.github.alphaumi.core.testkit.FakeToolbox;
import io.github.alphaumi.core.testkit.ScriptedChatModel;
import io.github.alphaumi.core.testkit.ScriptedRoles;
import io.github.alphaumi.core.testkit.ScriptedTextModel;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tasks that follow other tasks. */
class ConversationTest {
  private static final Step PRICE =
      Step.of(
          new Decision.Call("Look it up."),
          new ToolCall("price", Map.of("ticker", "MSFT")),
          Observation.ok("{\"price\": 417.2}"));
  private static final Conversation ONE =
      Conversation.empty().with(new Exchange("Price of MSFT?", List.of(PRICE), "It is 417.2."));

  @Test
  void should_go_on_from_a_result() {
    Agent.Builder agent =
        Agent.builder()
            .tools(FakeToolbox.of(call -> PRICE.outcomes().get(0).observation(), "price"));
    AgentResult first =
        agent
            .roles(
                ScriptedRoles.create()
                    .call("price", Map.of("ticker", "MSFT"))
                    .conclude("It is 417.2.")
                    .conclude("It is 417.2.")
                    .roles())
            .build()
            .run("Price of MSFT?");

    assertThat(first.conversation().exchanges()).hasSize(1);
    assertThat(first.conversation().exchanges().get(0))
        .extracting(Exchange::task, Exchange::answer)
        .containsExactly("Price of MSFT?", "It is 417.2.");
    assertThat(first.conversation().exchanges().get(0).steps()).hasSize(1);
    assertThat(first.conversation().withoutSteps().exchanges().get(0).steps()).isEmpty();
  }

  @Test
  void should_hand_the_conversation_to_every_role_and_grow_it() {
    StringBuilder seen = new StringBuilder();
    Roles roles =
        new Roles(
            (trajectory, tools, context) -> {
              seen.append(trajectory.conversation().exchanges().size());
              return new Decision.Conclude("");
            },
            (trajectory, plan, tools, context) -> new Caller.Unreadable("", ""),
            (trajectory, plan, tools, context) -> {
              seen.append(trajectory.conversation().exchanges().size());
              return "Again 417.2.";
            });
    Agent agent = Agent.builder().roles(roles).build();
    AgentResult result = agent.after(ONE).run("And now?");

    assertThat(seen).hasToString("11");
    assertThat(result.conversation().exchanges())
        .extracting(Exchange::task)
        .containsExactly("Price of MSFT?", "And now?");
    assertThat(agent.run("And now?").conversation().exchanges()).hasSize(1);
  }

  @Test
  void should_forget_what_has_no_answer() {
    AgentResult result =
        Agent.builder()
            .roles(ScriptedRoles.create().giveUp("no").roles())
            .build()
            .after(ONE)
            .run("?");

    assertThat(result.conversation()).isSameAs(ONE);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Exchange("task", List.of(), " "))
        .withMessageContaining("leave out a task without an answer");
  }

  @Test
  void should_keep_the_newest() {
    Conversation three = ONE.with(exchange("b")).with(exchange("c"));

    assertThat(three.newest(2).exchanges()).extracting(Exchange::task).containsExactly("b", "c");
    assertThat(three.newest(3)).isSameAs(three);
    assertThat(three.newest(0)).isEqualTo(Conversation.empty());
    assertThatIllegalArgumentException().isThrownBy(() -> three.newest(-1));
  }

  private static Exchange exchange(String task) {
    return new Exchange(task, List.of(), "answer");
  }

  @Test
  void should_show_a_chat_model_earlier_tasks_as_turns_of_user_and_assistant() {
    ScriptedChatModel model = new ScriptedChatModel().says("Done. Next: conclusion.");
    Planner.prompted(model)
        .plan(Trajectory.start("And now?", ONE), Tools.SHOP, new FakeRunContext());
    List<ChatMessage> messages = model.requests().get(0).messages();

    assertThat(messages.subList(1, messages.size()))
        .containsExactly(
            UserMessage.from("Price of MSFT?"),
            AiMessage.from(
                "Look it up. Next: caller.\n"
                    + "Action: price\nAction Input: {\"ticker\": \"MSFT\"}"),
            UserMessage.from("Observation: {\"price\": 417.2}"),
            AiMessage.from("It is 417.2."),
            UserMessage.from("And now?"));
  }

  @Test
  void should_write_earlier_tasks_in_the_published_form() {
    String prompt =
        PromptFormat.alphaUmi()
            .prompt(Role.PLANNER, Trajectory.start("And now?", ONE), null, Tools.SHOP)
            .text();

    assertThat(prompt)
        .contains(
            "user: Price of MSFT?</s>assistant: Look it up. Next: caller.</s>"
                + "caller: Action: price\nAction Input: {\"ticker\": \"MSFT\"}</s>"
                + "observation: {\"price\": 417.2}conclusion: It is 417.2.</s>user: And now?</s>");
  }

  @Test
  void should_leave_out_the_oldest_tasks_when_the_window_is_small() {
    Conversation long_ = Conversation.empty();
    for (int i = 0; i < 200; i++) {
      long_ = long_.with(exchange("task number " + i));
    }
    ScriptedTextModel model = new ScriptedTextModel().writes("Done. Next: conclusion.");
    Planner.tuned(model, PromptFormat.compact())
        .plan(Trajectory.start("And now?", long_), Tools.SHOP, new FakeRunContext());

    assertThat(model.requests().get(0).prompt().text())
        .contains("task number 199", "And now?")
        .doesNotContain("task number 0<");
  }
}
