package io.github.alphaumi.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected values follow from Lin's definition: F = 2 LCS / (words + words). */
class RougeLTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "The cat. | the cat! | 1",
        "a b c | c b a | 0.3333333333333333",
        "the cat the cat | the cat | 0.6666666666666666",
        "police kill the gunman | police killed the gunman | 0.75",
        "... | a | 0"
      })
  void should_compare_words_in_their_order(String hypothesis, String reference, double f) {
    assertThat(RougeL.f(hypothesis, reference)).isEqualTo(f, within(1e-12));
  }
}
