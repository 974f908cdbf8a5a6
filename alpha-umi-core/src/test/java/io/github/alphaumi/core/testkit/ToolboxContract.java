package io.github.alphaumi.core.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.ToolSpecification;
import io.github.alphaumi.core.Observation;
import io.github.alphaumi.core.ToolCall;
import io.github.alphaumi.core.Toolbox;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What every toolbox keeps to, as tests to inherit: needs {@code junit-jupiter} and {@code
 * assertj-core} among the test dependencies.
 */
public abstract class ToolboxContract {

  /** The toolbox under test. No call that this contract makes fits a schema. */
  protected abstract Toolbox toolbox();

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
