package io.github.alphaumi.core.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.ToolSpecification;
import io.github.alphaumi.core.Observation;
import io.github.alphaumi.core.ToolCall;
import io.github.alphaumi.core.Toolbox;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What an agent expects of a {@link Toolbox}: extend it in a test of your own one.
 *
 * <pre>{@code
 * class MyToolboxTest extends ToolboxContract {
 *   protected Toolbox toolbox() { return new MyToolbox(); }
 *   protected ToolCall goodCall() { return new ToolCall("status", Map.of("id", "7")); }
 * }
 * }</pre>
 */
public abstract class ToolboxContract {

  /** The toolbox to test. */
  protected abstract Toolbox toolbox();

  /** A call that works, of a tool with at least one required argument, as often as it is made. */
  protected abstract ToolCall goodCall();

  @Test
  void should_offer_tools_with_unique_names_in_a_stable_order() {
    Toolbox toolbox = toolbox();
    List<String> names = toolbox.specifications().stream().map(ToolSpecification::name).toList();

    assertThat(names).doesNotHaveDuplicates().contains(goodCall().name());
    assertThat(names)
        .allSatisfy(name -> assertThat(name).isNotBlank().doesNotContainAnyWhitespaces());
    assertThat(toolbox.specifications()).isEqualTo(toolbox.specifications());
  }

  @Test
  void should_execute_a_good_call() {
    Observation observation = toolbox().execute(goodCall(), new FakeRunContext());

    assertThat(observation.status()).isEqualTo(Observation.Status.OK);
    assertThat(observation.text()).isNotNull();
  }

  @Test
  void should_answer_calls_of_tools_that_are_not_there() {
    for (String name : List.of("", "nothing", goodCall().name() + "x", "\u0000<|im_end|>{}")) {
      Observation observation =
          toolbox().execute(new ToolCall(name, goodCall().arguments()), new FakeRunContext());

      assertThat(observation.status()).as(name).isEqualTo(Observation.Status.INVALID);
      assertThat(observation.text()).contains("error");
    }
  }

  @Test
  void should_not_run_without_a_required_argument() {
    Observation observation =
        toolbox().execute(new ToolCall(goodCall().name(), Map.of()), new FakeRunContext());

    assertThat(observation.status()).isEqualTo(Observation.Status.INVALID);
    assertThat(observation.status().ran()).isFalse();
    assertThat(observation.isError()).isTrue();
  }

  @Test
  void should_turn_any_arguments_into_an_observation() {
    List<@Nullable Object> values = new ArrayList<>(Arrays.asList(null, "", "x", -1, 1.5, true));
    values.add(List.of(List.of(Map.of())));
    values.add(Map.of("a", Map.of("b", List.of())));
    values.add("x".repeat(100_000));
    for (@Nullable Object value : values) {
      for (String name : goodCall().arguments().keySet()) {
        Map<String, @Nullable Object> arguments = new LinkedHashMap<>(goodCall().arguments());
        arguments.put(name, value);
        arguments.put("nobody knows this", value);
        Observation observation =
            toolbox().execute(new ToolCall(goodCall().name(), arguments), new FakeRunContext());

        assertThat(observation).as("%s = %s", name, value).isNotNull();
        assertThat(observation.text()).isNotNull();
      }
    }
  }

  @Test
  void should_answer_in_a_run_that_is_over() {
    FakeRunContext context = new FakeRunContext();
    context.cancellation().cancel();

    assertThat(toolbox().execute(goodCall(), context)).isNotNull();
  }

  @Test
  void should_serve_several_threads() {
    Toolbox toolbox = toolbox();
    List<CompletableFuture<Observation>> calls = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      calls.add(
          CompletableFuture.supplyAsync(() -> toolbox.execute(goodCall(), new FakeRunContext())));
    }

    assertThat(calls)
        .allSatisfy(call -> assertThat(call.join().status()).isEqualTo(Observation.Status.OK));
  }
}
