package io.github.alphaumi.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Vectors that were made by running the published rules. */
class ToolBenchNamesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "/offices/search/:service/:stateIsoCode/:keyword"
            + "|offices_search_service_stateisocode_keyword"
            + "|offices_search_service_stateisocode_keyword",
        "123 ABC|get_123_abc|get_123_abc",
        "__A__b--C|a_b_c|a_b_c",
        "ID|id|is_id",
        "True|true|is_true",
        "class |class|is_class",
        "Améthyste|am_thyste|am_thyste",
        "中文 API|中文_api|中文_api",
        "a^b|a^b|a^b",
        "___||"
      })
  void should_standardize_names(String name, String standard, String changed) {
    String result = ToolBenchNames.standardize(name);

    assertThat(result).isEqualTo(standard == null ? "" : standard);
    assertThat(ToolBenchNames.change(result)).isEqualTo(changed == null ? "" : changed);
  }

  @Test
  void should_standardize_categories() {
    assertThat(ToolBenchNames.category("News, Media")).isEqualTo("News_Media");
  }

  @Test
  void should_keep_the_end_of_a_long_function_name() {
    assertThat(ToolBenchNames.function("x".repeat(80), "My Tool"))
        .hasSize(64)
        .endsWith("x_for_my_tool");
  }
}
