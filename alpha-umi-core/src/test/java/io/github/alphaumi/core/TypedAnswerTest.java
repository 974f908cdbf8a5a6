package io.github.alphaumi.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import io.github.alphaumi.core.testkit.ScriptedChatModel;
import io.github.alphaumi.core.testkit.ScriptedTextModel;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TypedAnswerTest {

  enum Status {
    SHIPPED,
    DELIVERED
  }

  record Item(String sku, int pieces) {}

  record OrderSummary(String orderId, Status status, BigDecimal total, List<Item> items) {}

  record Circle(List<Circle> parts) {}

  private static final String SUMMARY =
      "{\"orderId\": \"A-4711\", \"status\": \"SHIPPED\", \"total\": 12.50,"
          + " \"items\": [{\"sku\": \"x\", \"pieces\": 2}]}";
  private static final OrderSummary VALUE =
      new OrderSummary(
          "A-4711", Status.SHIPPED, new BigDecimal("12.50"), List.of(new Item("x", 2)));

  private final ScriptedChatModel chat = new ScriptedChatModel();
  private final ScriptedTextModel text = new ScriptedTextModel();

  private static Agent agent(Roles roles) {
    return Agent.builder().roles(roles).build();
  }

  private AgentResult.Typed<OrderSummary> prompted() {
    return agent(Roles.prompted(chat)).run("Sum up order A-4711.", OrderSummary.class);
  }

  private static <T> AnswerType.Reading<T> read(Class<T> type, String answer) {
    return new AnswerType<T>(type).read(answer);
  }

  @Test
  void should_answer_with_a_record() {
    chat.says("Next: conclusion.").says("Here you are:\n```json\n" + SUMMARY + "\n```");
    AgentResult.Typed<OrderSummary> result = prompted();

    assertThat(result.value()).contains(VALUE);
    assertThat(result.problem()).isEmpty();
    assertThat(result.result().stopReason()).isEqualTo(StopReason.ANSWERED);
    assertThat(((UserMessage) chat.requests().get(1).messages().get(3)).singleText())
        .isEqualTo(
            "Write the answer to my task. Write it as JSON and nothing else, in this form:"
                + " {\"orderId\": \"…\", \"status\": \"SHIPPED\", \"total\": 1.5, \"items\":"
                + " [{\"sku\": \"…\", \"pieces\": 1}]}");
  }

  @Test
  void should_hold_a_chat_model_to_the_schema_where_it_can_be() {
    ScriptedChatModel structured =
        new ScriptedChatModel(Capability.RESPONSE_FORMAT_JSON_SCHEMA)
            .says("{\"rationale\": \"\", \"next\": \"conclusion\"}")
            .says(SUMMARY);

    assertThat(agent(Roles.prompted(structured)).run("Sum up.", OrderSummary.class).value())
        .contains(VALUE);
    JsonObjectSchema schema =
        (JsonObjectSchema) structured.requests().get(1).responseFormat().jsonSchema().rootElement();
    assertThat(schema.properties()).containsOnlyKeys("orderId", "status", "total", "items");
    assertThat(schema.required()).containsExactly("orderId", "status", "total", "items");
  }

  @Test
  void should_hold_a_tuned_summarizer_to_the_schema() {
    text.writes("Next: conclusion.").writes(SUMMARY);

    assertThat(
            agent(Roles.tuned(text, PromptFormat.compact()))
                .run("Sum up.", OrderSummary.class)
                .value())
        .contains(VALUE);
    assertThat(text.requests().get(1).constraint())
        .isEqualTo(new Constraint.Json(new AnswerType<>(OrderSummary.class).schema()));
  }

  @Test
  void should_ask_once_more_with_what_is_wrong() {
    chat.says("Next: conclusion.").says("It is shipped.").says(SUMMARY);
    AgentResult.Typed<OrderSummary> result = prompted();

    assertThat(result.value()).contains(VALUE);
    assertThat(chat.requests().get(2).messages().get(4))
        .isEqualTo(AiMessage.from("It is shipped."));
    assertThat(((UserMessage) chat.requests().get(2).messages().get(5)).singleText())
        .startsWith("That is not the form that was asked for: there is no JSON object in it.");
    assertThat(result.result().usage().repairs()).isEqualTo(1);
  }

  @Test
  void should_end_with_a_problem_and_not_with_an_exception() {
    text.writes("Next: conclusion.")
        .writes("{\"orderId\": \"A\"}")
        .writes("{\"orderId\": \"A\", \"status\": \"LOST\", \"total\": 1, \"items\": []}");
    AgentResult.Typed<OrderSummary> result =
        agent(Roles.tuned(text, PromptFormat.compact())).run("Sum up.", OrderSummary.class);

    assertThat(result.value()).isEmpty();
    assertThat(result.problem()).startsWith("status: Cannot deserialize").contains("SHIPPED");
    assertThat(result.result().stopReason()).isEqualTo(StopReason.ANSWERED);
    assertThat(text.requests().get(2).prompt().text()).contains("the member status is missing");

    chat.says("Next: give up.");
    assertThat(prompted().problem()).startsWith("the run ended with GAVE_UP");
  }

  @Test
  void should_ask_any_summarizer_twice() {
    StringBuilder plans = new StringBuilder();
    Roles roles =
        Roles.prompted(chat.says("Next: conclusion."))
            .withSummarizer(
                (trajectory, plan, tools, context) -> {
                  plans.append(plan.rationale()).append('|');
                  return plan.rationale().isEmpty() ? "no idea" : "{\"value\": 42}";
                });

    assertThat(agent(roles).run("How many?", Integer.class).value()).contains(42);
    assertThat(plans).startsWith("|That is not the form");
  }

  @Test
  void should_read_lists_enums_and_simple_values() {
    chat.says("Next: conclusion.").says("{\"value\": [{\"sku\": \"x\", \"pieces\": 2}]}");

    assertThat(
            agent(Roles.prompted(chat)).run("Which?", new TypeReference<List<Item>>() {}).value())
        .contains(List.of(new Item("x", 2)));
    assertThat(read(Status.class, "{\"value\": \"delivered\"}").value()).contains(Status.DELIVERED);
    assertThat(read(Status.class, "Shipped.").value()).contains(Status.SHIPPED);
    assertThat(read(Status.class, "lost").value()).isEmpty();
    assertThat(read(Integer.class, "42").value()).contains(42);
    assertThat(read(Integer.class, "{\"value\": 1.5}").value()).isEmpty();
    assertThat(read(Boolean.class, "{'value': True}").value()).contains(true);
    assertThat(read(String.class, "It is shipped.").value()).contains("It is shipped.");
    assertThat(read(String[].class, "['a', 'b']").value().orElseThrow()).containsExactly("a", "b");
    assertThat(read(Map.class, "no").value()).isEmpty();
  }

  @Test
  void should_name_what_is_missing() {
    assertThat(read(OrderSummary.class, "{}").problem()).isEqualTo("the member orderId is missing");
    assertThat(read(OrderSummary.class, SUMMARY.replace("\"pieces\"", "\"count\"")).problem())
        .isEqualTo("the member items[0].pieces is missing");
  }

  @Test
  void should_refuse_types_that_have_no_form() {
    assertThatThrownBy(() -> new AnswerType<>(Circle.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("it contains itself");
    assertThatThrownBy(() -> new AnswerType<>(Object.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("use a record");
  }
}
