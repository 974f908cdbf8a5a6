package io.github.alphaumi.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ToolRelevanceTest {
  private static final ToolSpecification WEATHER =
      ToolSpecification.builder()
          .name("getWeather")
          .description("Forecasts the weather of a city")
          .parameters(JsonObjectSchema.builder().addStringProperty("cityName").build())
          .build();
  private static final ToolSpecification GIVEAWAYS =
      ToolSpecification.builder().name("live_giveaways_by_type").build();
  private static final ToolSpecification TRAIN =
      ToolSpecification.builder().name("bookTrain").description("Books a train in a city").build();
  private static final List<ToolSpecification> TOOLS = List.of(WEATHER, GIVEAWAYS, TRAIN);

  @Test
  void should_find_the_words_of_a_task_in_names_descriptions_and_arguments() {
    assertThat(ToolRelevance.of("Which giveaway is live?", TOOLS))
        .containsOnlyKeys(GIVEAWAYS.name());
    assertThat(ToolRelevance.of("a forecast, please", TOOLS)).containsOnlyKeys(WEATHER.name());
    assertThat(ToolRelevance.of("booking", TOOLS)).containsOnlyKeys(TRAIN.name());
    assertThat(ToolRelevance.of("my name", TOOLS)).containsOnlyKeys(WEATHER.name());
  }

  @Test
  void should_weigh_rare_words_more_than_those_of_many_tools() {
    Map<String, Double> relevance = ToolRelevance.of("weather in this city", TOOLS);

    assertThat(relevance).containsOnlyKeys(WEATHER.name(), TRAIN.name());
    assertThat(relevance.get(WEATHER.name())).isGreaterThan(2 * relevance.get(TRAIN.name()));
  }

  /** By hand: two tools of two words each, ln(1 + 1.5 / 1.5) for a word that one of them has. */
  @Test
  void should_be_the_sum_of_bm25_scaled() {
    List<ToolSpecification> two =
        List.of(
            ToolSpecification.builder().name("sell").description("horses").build(),
            ToolSpecification.builder().name("feed").description("cats").build());

    assertThat(ToolRelevance.of("sell horses", two).get("sell"))
        .isCloseTo(0.4 * 2 * Math.log(2), within(1e-12));
  }

  @Test
  void should_say_nothing_where_no_word_is_shared_or_all_words_are_common() {
    assertThat(ToolRelevance.of("Do I need a coat?", TOOLS)).isEmpty();
    assertThat(ToolRelevance.of("", TOOLS)).isEmpty();
    assertThat(ToolRelevance.of("the weather", List.of())).isEmpty();
  }
}
