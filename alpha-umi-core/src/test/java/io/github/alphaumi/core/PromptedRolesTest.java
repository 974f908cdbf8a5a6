package io.github.alphaumi.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ChatMessageType;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import io.github.alphaumi.core.testkit.FakeRunContext;
import io.github.alphaumi.core.testkit.FakeToolbox;
import io.github.alphaumi.core.testkit.ScriptedChatModel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PromptedRolesTest {
  private static final Trajectory START = Trajectory.start("Where is my order?");
  private static final Decision.Call PLAN = new Decision.Call("Call orderStatus for 7.");
  private static final ToolCall CALL = new ToolCall("orderStatus", Map.of("orderId", "7"));

  private final ScriptedChatModel model = new ScriptedChatModel();
  private final ScriptedChatModel structured =
      new ScriptedChatModel(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
  private final FakeRunContext context = new FakeRunContext();

  private Decision plan(ScriptedChatModel chat) {
    return Planner.prompted(chat).plan(START, Tools.SHOP, context);
  }

  private Caller.Turn call() {
    return Caller.prompted(model).call(START, PLAN, Tools.SHOP, context);
  }

  private static AiMessage toolCall(String name, String arguments) {
    return AiMessage.from(
        ToolExecutionRequest.builder().id("1").name(name).arguments(arguments).build());
  }

  private static ChatResponse unsupported(ChatRequest request) {
    throw new UnsupportedFeatureException("tools");
  }

  private static List<ChatMessageType> types(ChatRequest request) {
    return request.messages().stream().map(ChatMessage::type).toList();
  }

  @Test
  void should_plan_in_text_where_there_is_no_structured_output() {
    assertThat(plan(model.says("Call orderStatus for 7. Next: caller."))).isEqualTo(PLAN);

    ChatRequest request = model.requests().get(0);
    assertThat(request.responseFormat()).isNull();
    assertThat(types(request)).containsExactly(ChatMessageType.SYSTEM, ChatMessageType.USER);
    assertThat(((SystemMessage) request.messages().get(0)).text())
        .contains("Next: give up.")
        .endsWith("Tools:\n" + ToolDocuments.LINE.describe(Tools.SHOP));
    assertThat(request.messages().get(1)).isEqualTo(UserMessage.from("Where is my order?"));
    assertThat(context.repairs()).isEmpty();
    assertThat(context.texts()).containsExactly("Call orderStatus for 7. Next: caller.");
  }

  @Test
  void should_plan_by_structured_output_where_there_is_one() {
    structured.says("{\"rationale\": \"Call orderStatus for 7.\", \"next\": \"caller\"}");

    assertThat(plan(structured)).isEqualTo(PLAN);
    assertThat(structured.requests().get(0).responseFormat().type())
        .isEqualTo(ResponseFormatType.JSON);
    assertThat(structured.requests().get(0).responseFormat().jsonSchema().name()).isEqualTo("plan");
  }

  @Test
  void should_take_the_structured_choice_and_not_the_words_of_the_rationale() {
    structured
        .says("{\"rationale\": \"Next: caller. was wrong\", \"next\": \"conclusion\"}")
        .says("{\"rationale\": null, \"next\": \"give up\"}")
        .says("{\"next\": \"caller\"}");

    assertThat(plan(structured)).isEqualTo(new Decision.Conclude("Next: caller. was wrong"));
    assertThat(plan(structured)).isEqualTo(new Decision.GiveUp(""));
    assertThat(plan(structured)).isEqualTo(new Decision.Call(""));
  }

  @Test
  void should_read_text_where_structured_output_was_asked_for_in_vain() {
    structured.says("Call orderStatus for 7. Next: caller.");

    assertThat(plan(structured)).isEqualTo(PLAN);
  }

  @Test
  void should_ask_once_more_for_a_decision() {
    model.says("I will look.").says("I will look. Next: caller.");

    assertThat(plan(model)).isEqualTo(new Decision.Call("I will look."));
    assertThat(types(model.requests().get(1)))
        .containsExactly(
            ChatMessageType.SYSTEM, ChatMessageType.USER, ChatMessageType.AI, ChatMessageType.USER);
    assertThat(model.requests().get(1).messages().get(2)).isEqualTo(AiMessage.from("I will look."));
    assertThat(context.repairs()).hasSize(1);
    assertThat(context.uses()).hasSize(2);
  }

  @Test
  void should_take_a_plan_without_decision_for_a_call_after_one_repair() {
    model.says("I will look.").says("I look.");

    assertThat(plan(model)).isEqualTo(new Decision.Call("I look."));
    assertThat(model.requests()).hasSize(2);
    assertThat(context.repairs()).hasSize(2);
  }

  @Test
  void should_not_send_an_empty_turn_back() {
    AiMessage nothing = AiMessage.builder().build();
    model.says(nothing).says(nothing);

    assertThat(nothing.text()).isNull();
    assertThat(plan(model)).isEqualTo(new Decision.Call(""));
    assertThat(model.requests().get(1).messages().get(2)).isEqualTo(AiMessage.from("(nothing)"));
    assertThat(context.texts()).isEmpty();
  }

  @Test
  void should_not_repair_when_the_budget_is_spent_meanwhile() {
    model.does(
        request -> {
          context.withTokensLeft(0);
          return ChatResponse.builder().aiMessage(AiMessage.from("hm")).build();
        });
    assertThatThrownBy(() -> plan(model))
        .isInstanceOfSatisfying(
            RunStoppedException.class,
            e -> assertThat(e.reason()).isEqualTo(StopReason.TOKEN_LIMIT));

    context.withTokensLeft(9).cancellation().cancel();
    assertThatThrownBy(() -> plan(model))
        .isInstanceOfSatisfying(
            RunStoppedException.class, e -> assertThat(e.reason()).isEqualTo(StopReason.CANCELLED));
    assertThat(model.requests()).hasSize(1);
  }

  @Test
  void should_book_the_tokens_that_a_model_reports() {
    AiMessage message = AiMessage.from("Next: conclusion.");
    model
        .does(
            request ->
                ChatResponse.builder().aiMessage(message).tokenUsage(new TokenUsage(70, 8)).build())
        .does(
            request ->
                ChatResponse.builder().aiMessage(message).tokenUsage(new TokenUsage(70)).build())
        .says(message);
    plan(model);
    plan(model);
    plan(model);

    assertThat(context.uses()).extracting(ModelUse::inputTokens).containsExactly(70, 70, 0);
    assertThat(context.uses()).extracting(ModelUse::outputTokens).containsExactly(8, 0, 0);
    assertThat(context.uses()).allMatch(use -> !use.time().isNegative());
  }

  @Test
  void should_call_by_the_model_s_own_tool_calling() {
    model.says(toolCall("orderStatus", "{\"orderId\": \"7\"}"));

    assertThat(call()).isEqualTo(CALL);
    ChatRequest request = model.requests().get(0);
    assertThat(request.toolSpecifications()).isEqualTo(Tools.SHOP);
    assertThat(request.toolChoice()).isEqualTo(ToolChoice.REQUIRED);
    assertThat(request.messages().get(2))
        .isEqualTo(AiMessage.from("Call orderStatus for 7. Next: caller."));
  }

  @Test
  void should_read_a_call_from_text_where_the_model_calls_no_tool() {
    model.says("Action: orderStatus\nAction Input: {\"orderId\": \"7\"}");

    assertThat(call()).isEqualTo(CALL);
  }

  @Test
  void should_ask_in_text_once_tool_calling_turned_out_to_be_unsupported() {
    String text = "Action: orderStatus\nAction Input: {\"orderId\": \"7\"}";
    model
        .does(PromptedRolesTest::unsupported)
        .does(PromptedRolesTest::unsupported)
        .says(text)
        .says(text);
    Caller caller = Caller.prompted(model);

    assertThat(caller.call(START, PLAN, Tools.SHOP, context)).isEqualTo(CALL);
    assertThat(caller.call(START, PLAN, Tools.SHOP, context)).isEqualTo(CALL);
    assertThat(model.requests()).hasSize(4);
    assertThat(model.requests().get(1).toolChoice()).isEqualTo(ToolChoice.AUTO);
    assertThat(model.requests().subList(2, 4))
        .allMatch(request -> request.toolSpecifications().isEmpty());
  }

  @Test
  void should_mend_arguments_that_leave_no_doubt() {
    for (String arguments :
        List.of("{'orderId': '7'}", "```json\n{\"orderId\": \"7\"}\n```", "{orderId: \"7\",} ok")) {
      model.says(toolCall("orderStatus", arguments));
      assertThat(call()).as(arguments).isEqualTo(CALL);
    }
    model.says(toolCall("orderStatus", "")).says(toolCall("orderStatus", null));
    assertThat(call()).isEqualTo(new ToolCall("orderStatus", Map.of()));
    assertThat(call()).isEqualTo(new ToolCall("orderStatus", Map.of()));
  }

  @Test
  void should_ask_once_more_for_arguments_that_are_no_object() {
    model
        .says(toolCall("orderStatus", "{\"orderId\": \"7"))
        .says(toolCall("orderStatus", "{\"orderId\": \"7\"}"));

    assertThat(call()).isEqualTo(CALL);
    assertThat(types(model.requests().get(1)))
        .containsExactly(
            ChatMessageType.SYSTEM,
            ChatMessageType.USER,
            ChatMessageType.AI,
            ChatMessageType.USER,
            ChatMessageType.AI,
            ChatMessageType.USER);
    assertThat(model.requests().get(1).messages().get(5))
        .isEqualTo(
            UserMessage.from(
                "That is not a call: the arguments of orderStatus are not a JSON object. Write it"
                    + " again, for example:\nAction: orderStatus\n"
                    + "Action Input: {\"orderId\": \"…\"}"));
    assertThat(context.repairs()).hasSize(1);
  }

  @Test
  void should_give_an_unreadable_call_after_one_repair() {
    model.says(AiMessage.builder().build()).says(toolCall("order status", "{}"));

    assertThat(call()).isEqualTo(new Caller.Unreadable("{}", "it names no tool"));
    assertThat(model.requests()).hasSize(2);
  }

  private static ToolExecutionRequest request(String name, String arguments) {
    return ToolExecutionRequest.builder().id(name).name(name).arguments(arguments).build();
  }

  @Test
  void should_take_all_calls_of_a_turn_in_their_order() {
    model.says(
        AiMessage.from(
            request("orderStatus", "{\"orderId\": \"7\"}"),
            request("stockOf", "nothing"),
            request("orderStatus", "{'orderId': '8'}")));

    assertThat(call())
        .isEqualTo(
            new Caller.Several(
                List.of(
                    CALL,
                    new Caller.Unreadable(
                        "nothing", "the arguments of stockOf are not a JSON object"),
                    new ToolCall("orderStatus", Map.of("orderId", "8")))));
    assertThat(model.requests()).hasSize(1);
    assertThat(context.repairs())
        .containsExactly("CALLER: arguments mended: orderStatus {\"orderId\": \"8\"}");
  }

  @Test
  void should_hold_only_the_last_of_several_calls_for_cut_off() {
    String text = "{\"orderId\": \"7\"}";
    model.does(
        request ->
            ChatResponse.builder()
                .aiMessage(
                    AiMessage.from(
                        request("orderStatus", text), request("orderStatus", "{\"orderId\": \"8")))
                .finishReason(FinishReason.LENGTH)
                .build());

    assertThat(call().calls()).hasSize(2).first().isEqualTo(CALL);
    assertThat(model.requests()).hasSize(1);
  }

  @Test
  void should_ask_again_where_none_of_several_calls_can_be_read() {
    model
        .says(AiMessage.from(request("stockOf", "a"), request("stockOf", "b")))
        .says(toolCall("orderStatus", "{\"orderId\": \"7\"}"));
    assertThat(call()).isEqualTo(CALL);
    assertThat(model.requests()).hasSize(2);
  }

  @Test
  void should_show_several_calls_and_what_came_back_in_their_order() {
    Step step =
        Step.of(
            PLAN,
            List.of(
                new Step.Outcome(Optional.of(CALL), Observation.ok("sent")),
                new Step.Outcome(
                    Optional.empty(), Observation.error(Observation.Status.INVALID, "no call")),
                new Step.Outcome(
                    Optional.of(new ToolCall("stockOf", Map.of("sku", "A"))),
                    Observation.ok("none"))));
    model.says("Known. Next: conclusion.");
    Planner.prompted(model).plan(START.with(step), Tools.SHOP, context);

    assertThat(model.requests().get(0).messages().subList(2, 4))
        .isEqualTo(
            List.of(
                AiMessage.from(
                    "Call orderStatus for 7. Next: caller.\n"
                        + "Action: orderStatus\nAction Input: {\"orderId\": \"7\"}\n"
                        + "Action: stockOf\nAction Input: {\"sku\": \"A\"}"),
                UserMessage.from(
                    "Observation 1 (orderStatus): sent\n"
                        + "Observation 2 (no tool): {\"error\": \"no call\"}\n"
                        + "Observation 3 (stockOf): none")));
  }

  @Test
  void should_run_what_a_chat_model_asks_for_at_once_side_by_side() throws Exception {
    ExecutorService pool = Executors.newCachedThreadPool();
    CyclicBarrier all = new CyclicBarrier(3);
    FakeToolbox tools =
        FakeToolbox.of(
                call -> {
                  try {
                    all.await(30, TimeUnit.SECONDS);
                  } catch (Exception e) {
                    throw new IllegalStateException(e);
                  }
                  return Observation.ok("it is " + call.arguments().get("of"));
                },
                "price",
                "stock")
            .with("price", Effect.READ_ONLY)
            .with("stock", Effect.READ_ONLY);
    model
        .says("I look all up. Next: caller.")
        .says(
            AiMessage.from(
                request("price", "{\"of\": \"A\"}"),
                request("stock", "{\"of\": \"B\"}"),
                request("price", "{\"of\": \"C\"}")))
        .says("Known. Next: conclusion.")
        .says("A, B, C");
    try {
      AgentResult result =
          Agent.builder()
              .roles(Roles.prompted(model))
              .tools(tools)
              .executor(pool)
              .build()
              .run("Look them up");
      assertThat(result.answer()).hasValue("A, B, C");
      assertThat(result.trajectory().steps().get(0).outcomes())
          .extracting(outcome -> outcome.observation().text())
          .containsExactly("it is A", "it is B", "it is C");
      assertThat(result.usage().repairs()).isZero();
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void should_summarize_without_tools_and_without_null() {
    Summarizer summarizer = Summarizer.prompted(model);
    Trajectory trajectory = START.with(Step.of(PLAN, CALL, Observation.ok("{\"s\": 1}")));
    model.says(" It is on its way. \n").says(AiMessage.builder().build());
    Decision.Conclude conclude = new Decision.Conclude("");

    assertThat(summarizer.summarize(trajectory, conclude, Tools.SHOP, context))
        .isEqualTo("It is on its way.");
    assertThat(summarizer.summarize(trajectory, conclude, Tools.SHOP, context)).isEmpty();
    List<ChatMessage> messages = model.requests().get(0).messages();
    assertThat(((SystemMessage) messages.get(0)).text()).doesNotContain("Tools:");
    assertThat(messages.get(2))
        .isEqualTo(
            AiMessage.from(
                "Call orderStatus for 7. Next: caller.\n"
                    + "Action: orderStatus\nAction Input: {\"orderId\": \"7\"}"));
    assertThat(messages.get(3)).isEqualTo(UserMessage.from("Observation: {\"s\": 1}"));
  }

  @Test
  void should_play_all_roles_of_an_agent() {
    model
        .says("Call orderStatus for 7. Next: caller.")
        .says(toolCall("orderStatus", "{\"orderId\": \"7\"}"))
        .says("Next: conclusion.")
        .says("It is on its way.");
    AgentResult result =
        Agent.builder()
            .roles(Roles.prompted(model))
            .tools(
                new io.github.alphaumi.core.testkit.FakeToolbox(
                    Tools.SHOP, call -> Observation.ok("{}")))
            .build()
            .run("Where is my order?");

    assertThat(result.answer()).contains("It is on its way.");
    assertThat(result.usage().modelCalls()).isEqualTo(4);
  }
}
