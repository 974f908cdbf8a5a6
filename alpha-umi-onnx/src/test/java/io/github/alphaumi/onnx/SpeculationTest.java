package io.github.alphaumi.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.alphaumi.core.Constraint;
import io.github.alphaumi.core.Prompt;
import io.github.alphaumi.core.Sampling;
import io.github.alphaumi.core.TextModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Guessing tokens changes how long a text takes, and nothing else. */
class SpeculationTest {
  private static final String PROMPT = "order A-4711, order A-4711, order A-4711, order";

  @TempDir static Path folder;
  private static OnnxModel plain;
  private static final List<OnnxModel> guessing = new ArrayList<>();

  @BeforeAll
  static void load() {
    new TinyModel().write(folder);
    plain = TinyModels.builder(folder, folder.resolve("cache")).speculation(0).build();
    for (int guesses : new int[] {1, 3, 8}) {
      guessing.add(
          TinyModels.builder(folder, folder.resolve("cache")).speculation(guesses).build());
    }
  }

  @AfterAll
  static void close() {
    plain.close();
    guessing.forEach(OnnxModel::close);
  }

  private static void check(TextModel.Request request) {
    TextModel.Response expected = plain.complete(request);
    for (OnnxModel model : guessing) {
      TextModel.Response response = model.complete(request);
      assertThat(response.text()).isEqualTo(expected.text());
      assertThat(response.finish()).isEqualTo(expected.finish());
      assertThat(response.tokens()).isEqualTo(expected.tokens());
      assertThat(response.use().outputTokens()).isEqualTo(expected.use().outputTokens());
      TextModel.Request next =
          TextModel.Request.builder(Prompt.of(PROMPT + response.text() + " and"))
              .maxTokens(9)
              .build();
      assertThat(model.complete(next).text())
          .as("what goes on where the text ended")
          .isEqualTo(plain.complete(next).text());
    }
  }

  @Test
  void should_write_the_same_greedy_text() {
    for (int max = 1; max < 60; max += 3) {
      check(TextModel.Request.builder(Prompt.of(PROMPT)).maxTokens(max).build());
    }
  }

  @Test
  void should_draw_the_same_tokens() {
    for (int seed = 0; seed < 20; seed++) {
      Sampling sampling = Sampling.temperature(0.3 + 0.05 * seed, seed);
      check(
          TextModel.Request.builder(Prompt.of(PROMPT))
              .sampling(sampling)
              .detail(TextModel.Detail.TOKENS)
              .maxTokens(60)
              .build());
    }
  }

  @Test
  void should_keep_to_constraints_and_stop_strings() {
    Constraint orders = new Constraint.Matches("(order A-[0-9]{4}(, |\\.)){2,5}");
    for (int seed = 0; seed < 20; seed++) {
      Sampling sampling = Sampling.temperature(1, seed);
      check(
          TextModel.Request.builder(Prompt.of(PROMPT))
              .sampling(sampling)
              .constraint(orders)
              .maxTokens(80)
              .build());
      String text =
          plain
              .complete(
                  TextModel.Request.builder(Prompt.of(PROMPT))
                      .sampling(sampling)
                      .maxTokens(60)
                      .build())
              .text();
      check(
          TextModel.Request.builder(Prompt.of(PROMPT))
              .sampling(sampling)
              .stops(List.of(text.substring(text.length() / 2, text.length() / 2 + 2)))
              .maxTokens(60)
              .build());
    }
  }

  @Test
  void should_guess_what_followed_the_last_time() {
    PromptLookup lookup = new PromptLookup(3);
    lookup.add(1, 2, 3, 4, 5, 9, 2, 3, 7, 8, 2, 3);
    int[] out = new int[4];
    assertThat(lookup.guess(out, 1, 10)).isEqualTo(3);
    assertThat(out).as("after the last 2, 3").containsExactly(0, 7, 8, 2);
    lookup.add(4);
    assertThat(lookup.guess(out, 0, 10)).isEqualTo(3);
    assertThat(out).as("after 2, 3, 4").startsWith(5, 9, 2);
    assertThat(lookup.guess(out, 0, 1)).isEqualTo(1);
    assertThat(lookup.guess(out, 0, 0)).isZero();
    lookup.add(100);
    assertThat(lookup.guess(out, 0, 10)).as("after what was never there").isZero();
  }

  @Test
  void should_refuse_to_guess_more_than_pays() {
    assertThatThrownBy(() -> OnnxModel.builder(folder).speculation(9))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("speculation: 9 is not in 0..8");
  }
}
