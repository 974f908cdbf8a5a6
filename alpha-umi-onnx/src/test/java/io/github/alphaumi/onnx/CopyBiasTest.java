package io.github.alphaumi.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Over a vocabulary of whole texts, each of which is one token. */
class CopyBiasTest {
  private final List<byte[]> vocabulary = new ArrayList<>();

  private int token(String text) {
    return token(text.getBytes(StandardCharsets.UTF_8));
  }

  private int token(byte[] bytes) {
    vocabulary.add(bytes);
    return vocabulary.size() - 1;
  }

  /** Which of the tokens is likeliest after a text, the first being a bit likelier by itself. */
  private String likeliest(String source, String written, String... tokens) {
    int before = token(written);
    for (String text : tokens) {
      token(text);
    }
    CopyBias copies = new CopyBias(List.of("unrelated", source), vocabulary::get);
    copies.read(before);
    float[] logits = new float[vocabulary.size()];
    Arrays.fill(logits, Float.NEGATIVE_INFINITY);
    for (int i = 0; i < tokens.length; i++) {
      logits[before + 1 + i] = i == 0 ? 2 : 0;
    }
    copies.apply(logits);
    int best = before + 1;
    for (int i = before + 1; i < logits.length; i++) {
      best = logits[i] > logits[best] ? i : best;
    }
    return new String(vocabulary.get(best), StandardCharsets.UTF_8);
  }

  @ParameterizedTest(name = "of \"{0}\", after {1}: {3}, not {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "the spitz in the shelter | {\"breed\": \"sp             | etzi | itz",
        "the spitz in the shelter | {\"breed\": \"spitz          | i    | \"}",
        "two Helles please        | {\"beer\": \"Helle           | \"}   | s",
        "two Helles please        | {\"beers\": [\"Pils\", \"He   | nry  | lles",
        "the spitz                | Call find for \"sp           | etzi | itz\".",
        "the spitz                | {\"a\": {\"b\": \"x\"}, \"c\": \"sp | etzi | itz",
      })
  void should_favour_what_goes_on_copying(
      String source, String written, String likelier, String copying) {
    assertThat(likeliest(source, written, likelier, copying)).isEqualTo(copying);
  }

  @Test
  void should_leave_everything_else_as_it_is() {
    assertThat(likeliest("the spitz", "the sp", "an", "itz"))
        .as("outside of quotes")
        .isEqualTo("an");
    assertThat(likeliest("the spitz", "{\"sp", "an", "itz")).as("in a key").isEqualTo("an");
    assertThat(likeliest("the spitz", "{\"a\": 1, \"sp", "an", "itz"))
        .as("in a second key")
        .isEqualTo("an");
    assertThat(likeliest("the spitz", "{\"a\": \"x\\\"sp", "an", "itz"))
        .as("after an escape")
        .isEqualTo("an");
    assertThat(likeliest("the spitz", "{\"a\": \"pi", "an", "tz"))
        .as("within a word")
        .isEqualTo("an");
    assertThat(likeliest("the spitz", "{\"a\": \"", "\"", "x")).as("nothing").isEqualTo("\"");
  }

  @Test
  void should_not_overrule_what_is_far_likelier() {
    int written = token("{\"a\": \"sp");
    int certain = token("an");
    int copying = token("itz");
    CopyBias copies = new CopyBias(List.of("spitz"), vocabulary::get);
    copies.read(written);
    float[] logits = {Float.NEGATIVE_INFINITY, 9, 1};
    copies.apply(logits);
    assertThat(logits[certain]).isEqualTo(9);
    assertThat(logits[copying]).isEqualTo(1);
  }

  @Test
  void should_follow_tokens_that_end_within_a_character() {
    byte[] name = "Šárka".getBytes(StandardCharsets.UTF_8);
    int written = token("{\"a\": \"");
    int wrong = token("Anna");
    int half = token(Arrays.copyOf(name, 1));
    int rest = token(Arrays.copyOfRange(name, 1, name.length));
    CopyBias copies = new CopyBias(List.of("Write to Šárka."), vocabulary::get);
    copies.read(written);
    float[] logits = {Float.NEGATIVE_INFINITY, 1, 0, Float.NEGATIVE_INFINITY};
    copies.apply(logits);
    assertThat(logits[half]).isGreaterThan(logits[wrong]);
    copies.read(half);
    float[] next = {Float.NEGATIVE_INFINITY, 1, Float.NEGATIVE_INFINITY, 0};
    copies.apply(next);
    assertThat(next[rest]).isGreaterThan(next[wrong]);
  }
}
