package io.github.alphaumi.core.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.langchain4j.agent.tool.ToolSpecification;
import io.github.alphaumi.core.Observation;
import io.github.alphaumi.core.ToolCall;
import io.github.alphaumi.core.Toolbox;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What every toolbox keeps to, as tests to inherit: needs {@code junit-jupiter} and {@code
 * assertj-core} among the test dependencies.
 */
public abstract class ToolboxContract {

  /** The toolbox under test. Of the calls made here only {@link #goodCall} fits a schema. */
  protected abstract Toolbox toolbox();

  /**
   * A call that works as often as it is made and has arguments; what needs one is left out without
   * it.
   */
  protected Optional<ToolCall> goodCall() {
    return Optional.empty();
  }

  private ToolCall good() {
    assumeTrue(goodCall().isPresent(), "goodCall() gives no call that works");
    return goodCall().orElseThrow();
  }

  @Test
  void should_execute_a_good_call_on_several_threads() {
    ToolCall call = good();
    Toolbox toolbox = toolbox();
    List<CompletableFuture<Observation>> calls = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      calls.add(CompletableFuture.supplyAsync(() -> toolbox.execute(call, new FakeRunContext())));
    }

    assertThat(calls)
        .allSatisfy(made -> assertThat(made.join().status()).isEqualTo(Observation.Status.OK));
  }

  @Test
  void should_turn_any_value_into_an_observation() {
    ToolCall call = good();
    List<@Nullable Object> values =
        Arrays.asList(
            null, "", "x", -1, 1.5, true, List.of(List.of(Map.of())), "x".repeat(100_000));
    for (String name : call.arguments().keySet()) {
      for (@Nullable Object value : values) {
        Map<String, @Nullable Object> arguments = new LinkedHashMap<>(call.arguments());
        arguments.put(name, value);
        Observation observation =
            toolbox().execute(new ToolCall(call.name(), arguments), new FakeRunContext());

        assertThat(observation.text()).as("%s = %s", name, value).isNotNull();
      }
    }
  }

  @Test
  void should_answer_in_a_run_that_is_over() {
    FakeRunContext context = new FakeRunContext();
    context.cancellation().cancel();

    assertThat(toolbox().execute(good(), context)).isNotNull();
  }

  @Test
  void should_offer_tools_whose_names_are_unique() {
    List<String> names = toolbox().specifications().stream().map(ToolSpecification::name).toList();

    assertThat(names).doesNotHaveDuplicates().noneMatch(String::isBlank);
    assertThat(toolbox().specifications()).extracting(ToolSpecification::name).isEqualTo(names);
  }

  @Test
  void should_know_an_effect_for_every_name() {
    toolbox().specifications().forEach(t -> assertThat(toolbox().effect(t.name())).isNotNull());
    assertThat(toolbox().effect("no such tool")).isNotNull();
  }

  @Test
  void should_say_which_tools_there_are_when_a_name_is_unknown() {
    Observation observation =
        toolbox().execute(new ToolCall("noSuchTool", Map.of()), new FakeRunContext());

    assertThat(observation.status()).isEqualTo(Observation.Status.INVALID);
    assertThat(observation.text()).contains("noSuchTool");
  }

  @Test
  void should_observe_and_not_throw_whatever_the_arguments() {
    Map<String, @Nullable Object> odd = new LinkedHashMap<>();
    odd.put("noSuchArgument", null);
    odd.put("", Arrays.asList(1, null, Map.of("a", List.of())));
    for (ToolSpecification tool : toolbox().specifications()) {
      Observation observation =
          toolbox().execute(new ToolCall(tool.name(), odd), new FakeRunContext());
      assertThat(observation.text()).isNotBlank();
    }
  }

  @Test
  void should_start_nothing_when_a_required_argument_is_missing() {
    for (ToolSpecification tool : toolbox().specifications()) {
      List<String> required =
          tool.parameters() == null || tool.parameters().required() == null
              ? Collections.emptyList()
              : tool.parameters().required();
      if (!required.isEmpty()) {
        Observation observation =
            toolbox().execute(new ToolCall(tool.name(), Map.of()), new FakeRunContext());
        assertThat(observation.status().ran()).as(tool.name()).isFalse();
      }
    }
  }
}
