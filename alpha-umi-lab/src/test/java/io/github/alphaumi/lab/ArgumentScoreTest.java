package io.github.alphaumi.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The first four vectors were made by running the published scorer. */
class ArgumentScoreTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"x\":1,\"y\":2,\"z\":3} | {\"x\":1,\"y\":5} | 0.6",
        "{\"x\":true} | {\"x\":1} | 1",
        "{\"x\":\"1\"} | {\"x\":1} | 0.5",
        "[1] | {\"x\":1} | 0",
        "{\"x\":1.0} | {\"x\":1} | 1",
        "{\"x\":NaN} | {\"x\":NaN} | 0.5",
        "{\"x\":Infinity} | {\"x\":1e999} | 1",
        "{\"x\":9007199254740993} | {\"x\":9007199254740992.0} | 0.5",
        "{\"x\":[1, {\"a\": null}]} | {\"x\":[1.0, {\"a\": null}]} | 1",
        "{'x':1} | {\"x\":1} | 0",
        "{\"x\":INF} | {\"x\":1} | 0",
        "{\"x\":1} trailing | {\"x\":1} | 0",
        "{\"y\":1} | {\"x\":1} | 0",
        "{} | {} | 1",
        "{\"y\":1} | {} | 0"
      })
  void should_score_as_published(String predicted, String reference, double f1) {
    assertThat(ArgumentScore.of(reference, predicted)).isEqualTo(f1, within(1e-12));
  }
}
