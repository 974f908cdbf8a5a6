package io.github.alphaumi.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.agent.tool.ToolMemoryId;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.output.structured.Description;
import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.core.Effect;
import io.github.alphaumi.core.Observation.Status;
import io.github.alphaumi.core.Toolbox;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import org.junit.jupiter.api.Test;

class ToolsTest {

  record Amount(
      @Description("how much") double amount, String from, String to, Optional<String> date) {}

  private static final Toolbox CONVERT =
      Tools.function(
          "convert",
          "Converts an amount of money",
          Amount.class,
          a -> a.amount() * 2 + " " + a.to() + a.date().map(" on "::concat).orElse(""));

  @Test
  void should_call_a_function_with_a_record_of_arguments() {
    assertThat(
            Calls.run(CONVERT, "convert", "{\"amount\": \"7\", \"from\": \"EUR\", \"to\": \"USD\"}")
                .text())
        .isEqualTo("{\"result\": \"14.0 USD\"}");
  }

  @Test
  void should_describe_a_function_as_its_record_has_it() {
    ToolSpecification tool = CONVERT.specifications().get(0);
    assertThat(tool.description()).isEqualTo("Converts an amount of money");
    assertThat(tool.parameters().properties()).containsOnlyKeys("amount", "from", "to", "date");
    assertThat(tool.parameters().required()).containsExactly("amount", "from", "to");
  }

  @Test
  void should_check_the_arguments_of_a_function() {
    assertThat(Calls.run(CONVERT, "convert", "{\"amount\": 7, \"to\": \"USD\"}"))
        .satisfies(o -> assertThat(o.status()).isEqualTo(Status.INVALID))
        .satisfies(o -> assertThat(o.text()).contains("the argument from is missing"));
  }

  @Test
  void should_call_a_function_without_arguments() {
    Toolbox tools = Tools.function("version", "The version", () -> "1.2");
    assertThat(tools.specifications().get(0).parameters()).isNull();
    assertThat(Calls.run(tools, "version", "{}").text()).isEqualTo("{\"result\": \"1.2\"}");
  }

  @Test
  void should_keep_the_policy_of_a_function_and_give_it_the_context() {
    Toolbox tools =
        Tools.function(
            "whoAmI",
            "",
            Amount.class,
            ToolPolicy.defaults().withEffect(Effect.READ_ONLY),
            (amount, context) -> context.runId());
    assertThat(tools.effect("whoAmI")).isEqualTo(Effect.READ_ONLY);
    assertThat(
            Calls.run(tools, "whoAmI", "{\"amount\": 7, \"from\": \"EUR\", \"to\": \"USD\"}")
                .text())
        .isEqualTo("{\"result\": \"run\"}");
  }

  @Test
  void should_wait_for_promises() {
    Toolbox later =
        Tools.function("later", "", () -> CompletableFuture.supplyAsync(() -> List.of(1, 2)));
    assertThat(Calls.run(later, "later", "{}").text()).isEqualTo("{\"results\": [1, 2]}");
  }

  @Test
  void should_collect_what_a_publisher_gives() {
    Toolbox flow = Tools.function("flow", "", ToolsTest::published);
    assertThat(Calls.run(flow, "flow", "{}").text()).isEqualTo("{\"results\": [\"a\", \"b\"]}");
  }

  private static Flow.Publisher<String> published() {
    SubmissionPublisher<String> publisher = new SubmissionPublisher<>();
    return subscriber -> {
      publisher.subscribe(subscriber);
      publisher.submit("a");
      publisher.submit("b");
      publisher.close();
    };
  }

  @Test
  void should_refuse_what_cannot_be_a_function() {
    assertThatThrownBy(() -> Tools.function("has space", "", String.class, text -> text))
        .isInstanceOf(AlphaUmiException.class)
        .hasMessageContaining("white space")
        .hasMessageContaining("arguments have names; take a record of them");
  }

  static class Clock {
    @Tool
    String now(@ToolMemoryId String id) {
      return "noon of " + id;
    }
  }

  static class WrongId {
    @Tool
    String now(@ToolMemoryId int id) {
      return "noon of " + id;
    }
  }

  @Test
  void should_fill_in_a_memory_id() {
    Toolbox all = Toolbox.of(CONVERT, AnnotatedTools.of(new Clock()));
    assertThat(all.specifications())
        .extracting(ToolSpecification::name)
        .containsExactly("convert", "now");
    assertThat(Calls.run(all, "now", "{}").text()).isEqualTo("{\"result\": \"noon of run\"}");
  }

  @Test
  void should_take_a_memory_id_only_as_text() {
    assertThatThrownBy(() -> AnnotatedTools.of(new WrongId()))
        .hasMessageContaining("a @ToolMemoryId is the id of the run, a String");
  }
}
