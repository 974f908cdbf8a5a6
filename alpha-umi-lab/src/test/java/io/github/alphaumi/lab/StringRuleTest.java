package io.github.alphaumi.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rule compares {@code str(value).strip().lower()} of Python. */
class StringRuleTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | {\"more\": 1} | true",
        "{\"a\": \"Oslo\"} | {\"a\": \" oslo\\n\", \"b\": 1} | true",
        "{\"a\": 3} | {\"a\": \"3\"} | true",
        "{\"a\": 7} | {\"a\": 7.0} | false",
        "{\"a\": true} | {\"a\": \"True\"} | true",
        "{\"a\": null} | {\"a\": \"none\"} | true",
        "{\"a\": 1e16} | {\"a\": \"1e+16\"} | true",
        "{\"a\": [\"x\", 1]} | {\"a\": \"['x', 1]\"} | true",
        "{\"a\": {\"k\": null}} | {\"a\": \"{'k': None}\"} | true",
        "{\"a\": [\"it's\"]} | {\"a\": \"[\\\"it's\\\"]\"} | true",
        "{\"a\": 1} | {} | false"
      })
  void should_compare_texts_of_values(String truth, String predicted, boolean fits)
      throws BadRecordException {
    Map<?, ?> arguments = Fields.asObject(Fields.value(predicted), "predicted");

    assertThat(StringRule.fits(Fields.asObject(Fields.value(truth), "truth"), arguments))
        .isEqualTo(fits);
  }
}
