package io.github.alphaumi.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TruncatedJsonTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"error\": \"\", \"response\": \"a\\\"b\"} | a\"b",
        "{\"error\": \"\", \"response\": \"a\\\"b... | a\"b...",
        "{\"error\": \"\", \"response\": \"ab\\... | ab...",
        "{\"error\": \"\", \"response\": \"ab\\u00... | ab...",
        "{\"error\": \"\", \"response\": \"ab\\\\u00... | ab\\u00...",
        "{\"error\": \"\", \"response\": \"ab | ab"
      })
  void should_unescape_what_there_is_of_a_string(String text, String response) {
    assertThat(TruncatedJson.object(text))
        .hasValueSatisfying(object -> assertThat(object).containsEntry("response", response));
  }

  @Test
  void should_read_strings_with_line_breaks() {
    assertThat(TruncatedJson.object("{\"final_answer\": \"one\ntwo\"}"))
        .contains(Map.of("final_answer", "one\ntwo"));
  }

  @Test
  void should_find_nothing_in_what_is_no_object() {
    assertThat(TruncatedJson.object("no result")).isEmpty();
    assertThat(TruncatedJson.object("")).isEmpty();
    assertThat(TruncatedJson.object("[1]")).isEmpty();
  }
}
