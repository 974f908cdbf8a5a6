package io.github.alphaumi.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Vectors that were made by running the package {@code rouge} 1.0.1. */
class PublishedRougeTest {

  @ParameterizedTest
  @CsvSource(
      ignoreLeadingAndTrailingWhitespace = false,
      delimiter = '|',
      value = {
        "any text. At all|any text. At all|0.999999995",
        "the cat the cat|the cat|0.999999995",
        "a b c|c b a|0.3333333283333334",
        "a. b. c|c. b. a|0.999999995",
        "A b|a b|0.4999999950000001",
        "abc. |abc|0.6666666622222223",
        "w1 w2 w3 w4 w5. w6|w1 w2 w6. w5 w3|0.7272727223140496",
        "none|x none y|0.4999999962500001"
      })
  void should_compute_what_the_package_computes(String hypothesis, String reference, double f) {
    assertThat(PublishedRouge.f(hypothesis, reference)).hasValueCloseTo(f, within(1e-12));
  }

  @Test
  void should_have_no_value_where_the_package_fails() {
    assertThat(PublishedRouge.f("...", "a")).isEmpty();
    assertThat(PublishedRouge.f("a", "")).isEmpty();
  }

  @Test
  void should_compute_long_texts_on_which_the_package_fails() {
    String text = "word ".repeat(2_000);
    assertThat(PublishedRouge.f(text, text)).hasValueCloseTo(0.999999995, within(1e-12));
  }
}
