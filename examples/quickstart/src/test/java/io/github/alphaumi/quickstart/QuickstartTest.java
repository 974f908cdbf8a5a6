package io.github.alphaumi.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.alphaumi.core.AgentResult;
import io.github.alphaumi.core.Observation;
import io.github.alphaumi.core.Step;
import io.github.alphaumi.core.StopReason;
import io.github.alphaumi.embedded.EmbeddedModel;
import io.github.alphaumi.onnx.OnnxModel;
import io.github.alphaumi.onnx.OnnxRoles;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The built-in questions on the real embedded model. */
class QuickstartTest {
  private static OnnxRoles model;

  @BeforeAll
  static void load() {
    model = EmbeddedModel.load();
  }

  @AfterAll
  static void close() {
    model.close();
    assertThat(OnnxModel.openNatives()).isZero();
  }

  private static AgentResult ask(String question) {
    return Quickstart.agent(model, event -> {}).run(question);
  }

  private static List<String> calls(AgentResult result) {
    return result.trajectory().steps().stream()
        .map(step -> step.outcomes().get(0).call().orElseThrow().toString())
        .toList();
  }

  @Test
  void should_tell_where_an_order_is() {
    AgentResult result = ask(Quickstart.QUESTIONS.get(0));

    assertThat(result.stopReason()).isEqualTo(StopReason.ANSWERED);
    assertThat(calls(result)).containsExactly("orderStatus {\"orderId\": \"A-4711\"}");
    assertThat(result.answer().orElseThrow()).contains("shipped", "2026-11-24");
    assertThat(result.usage().repairs()).isZero();
  }

  @Test
  void should_tell_what_shipping_costs() {
    AgentResult result = ask(Quickstart.QUESTIONS.get(1));

    assertThat(result.stopReason()).isEqualTo(StopReason.ANSWERED);
    assertThat(calls(result))
        .containsExactly("shippingCost {\"weightKg\": 2.5, \"country\": \"France\"}");
    assertThat(result.answer().orElseThrow()).contains("12.4");
  }

  @Test
  void should_call_two_tools_for_two_questions_in_one() {
    AgentResult result = ask(Quickstart.QUESTIONS.get(2));

    assertThat(result.stopReason()).isEqualTo(StopReason.ANSWERED);
    assertThat(calls(result))
        .containsExactly("stockOf {\"sku\": \"SKU-300\"}", "orderTotal {\"orderId\": \"B-1001\"}");
    assertThat(result.answer().orElseThrow()).contains("230", "249");
    assertThat(result.usage().cachedTokens())
        .as("roles read what the others read before them")
        .isGreaterThan(result.usage().inputTokens() / 2);
  }

  @Test
  void should_say_so_when_a_question_is_longer_than_the_context() {
    AgentResult result = ask("order A-4711 and ".repeat(1_000) + "where are they?");

    assertThat(result.stopReason()).isEqualTo(StopReason.CONTEXT_FULL);
    assertThat(result.detail())
        .contains("window 4,096", "shorten the task")
        .containsPattern("prompt has [0-9],[0-9]{3} tokens");
  }

  @Test
  void should_not_refund_without_a_person_at_the_terminal() {
    AgentResult result = ask("Please refund order A-4712");

    assertThat(result.trajectory().steps())
        .flatExtracting(Step::outcomes)
        .extracting(outcome -> outcome.observation().status())
        .startsWith(Observation.Status.REFUSED)
        .doesNotContain(Observation.Status.OK);
    assertThat(result.usage().toolCalls()).isZero();
  }
}
