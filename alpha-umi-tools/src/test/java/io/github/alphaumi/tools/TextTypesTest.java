package io.github.alphaumi.tools;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.Tool;
import io.github.alphaumi.core.Observation;
import io.github.alphaumi.core.Toolbox;
import java.net.URI;
import java.util.Currency;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Addresses, languages and currencies as arguments. */
class TextTypesTest {

  static class Shop {
    @Tool
    String price(URI article, Locale language, Currency currency) {
      return article + " " + language.toLanguageTag() + " " + currency.getCurrencyCode();
    }
  }

  private final Toolbox tools = AnnotatedTools.of(new Shop());

  private Observation price(String article, String language, String currency) {
    return Calls.run(
        tools,
        "price",
        String.format(
            "{\"article\": \"%s\", \"language\": \"%s\", \"currency\": \"%s\"}",
            article, language, currency));
  }

  @Test
  void should_be_read_and_mended() {
    assertThat(price("https://shop.example/7", "de_at", "eur").text())
        .contains("https://shop.example/7 de-AT EUR");
  }

  @ParameterizedTest
  @CsvSource({
    "not an address, de, EUR, an address such as https://example.com/a",
    "https://a.example, ???, EUR, a language tag such as de-AT",
    "https://a.example, de, euros, a currency code such as EUR"
  })
  void should_be_refused_with_an_example(
      String article, String language, String currency, String message) {
    Observation observation = price(article, language, currency);

    assertThat(observation.status()).isEqualTo(Observation.Status.INVALID);
    assertThat(observation.text()).contains(message);
  }
}
