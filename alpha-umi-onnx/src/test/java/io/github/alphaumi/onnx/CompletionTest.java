package io.github.alphaumi.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.alphaumi.core.Prompt;
import io.github.alphaumi.core.Sampling;
import io.github.alphaumi.core.TextModel;
import io.github.alphaumi.core.TextModel.Finish;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a request gets, of a model that knows nothing. */
class CompletionTest {
  private static final String PROMPT = "<|im_start|>user\nWhere is order A-4711?<|im_end|>\n";

  @TempDir static Path folder;
  private static OnnxModel model;

  @BeforeAll
  static void load() {
    model = load(new TinyModel(), "base");
  }

  private static OnnxModel load(TinyModel tiny, String name) {
    return OnnxModel.builder(tiny.write(folder.resolve(name)))
        .format(WeightFormat.FP32)
        .threads(1)
        .cacheDirectory(folder.resolve("cache"))
        .build();
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static TextModel.Request.Builder request() {
    return TextModel.Request.builder(Prompt.of(PROMPT)).maxTokens(40);
  }

  private static TextModel.Request.Builder drawn(long seed) {
    return request().sampling(Sampling.temperature(1.5, seed));
  }

  @Test
  void should_write_the_likeliest_token_at_each_step_when_greedy() {
    TextModel.Response response = model.complete(request().build());
    int[] ids = GreedySteps.of(folder.resolve("base"), folder, PROMPT, 40);
    assertThat(response.text()).isEqualTo(model.tokenizer().decode(ids, true));
    assertThat(response.use().outputTokens()).isEqualTo(ids.length).isGreaterThan(5);
    assertThat(response.use().inputTokens()).isEqualTo(model.tokenizer().encode(PROMPT).length);
  }

  @Test
  void should_write_the_same_from_a_gguf_file() throws IOException {
    Path file = folder.resolve("tiny.gguf");
    Files.write(file, new TinyModel().gguf().bytes());
    try (OnnxModel gguf =
        OnnxModel.builder(file)
            .format(WeightFormat.FP32)
            .cacheDirectory(folder.resolve("cache"))
            .build()) {
      for (int seed = 0; seed < 20; seed++) {
        TextModel.Request request = drawn(seed).build();
        assertThat(gguf.complete(request).text()).isEqualTo(model.complete(request).text());
      }
    }
  }

  @Test
  void should_give_the_same_text_for_the_same_seed_and_others_for_others() {
    Set<String> texts = new HashSet<>();
    for (int seed = 0; seed < 20; seed++) {
      String text = model.complete(drawn(seed).build()).text();
      assertThat(model.complete(drawn(seed).build()).text()).isEqualTo(text);
      texts.add(text);
    }
    assertThat(texts).hasSize(20);
  }

  @Test
  void should_draw_only_from_the_top_k_and_top_p_tokens() {
    String greedy = model.complete(request().build()).text();
    assertThat(
            model
                .complete(request().sampling(Sampling.temperature(2, 5).withTopK(1)).build())
                .text())
        .isEqualTo(greedy);
    assertThat(
            model
                .complete(request().sampling(Sampling.temperature(2, 5).withTopP(1e-9)).build())
                .text())
        .isEqualTo(greedy);
    assertThat(model.complete(request().sampling(Sampling.temperature(1e-9, 5)).build()).text())
        .isEqualTo(greedy);
    assertThat(firstTexts(Sampling.temperature(1, 0).withTopK(3), 300)).hasSizeBetween(2, 3);
    assertThat(firstTexts(Sampling.temperature(1, 0), 300)).hasSizeGreaterThan(20);
    assertThat(firstTexts(Sampling.temperature(0.05, 0), 300)).hasSizeLessThan(10);
  }

  private Map<String, Integer> firstTexts(Sampling sampling, int draws) {
    Map<String, Integer> counts = new HashMap<>();
    for (int seed = 0; seed < draws; seed++) {
      TextModel.Response response =
          model.complete(request().sampling(sampling.withSeed(seed)).maxTokens(1).build());
      counts.merge(response.text(), 1, Integer::sum);
    }
    return counts;
  }

  @Test
  void should_stop_at_the_number_of_tokens() {
    for (int max = 1; max < 20; max++) {
      TextModel.Response response = model.complete(drawn(3).maxTokens(max).build());
      assertThat(response.finish()).isEqualTo(Finish.LENGTH);
      assertThat(response.use().outputTokens()).isEqualTo(max);
    }
  }

  @Test
  void should_end_before_the_first_stop_string_wherever_tokens_are_cut() {
    int found = 0;
    for (int seed = 0; seed < 30; seed++) {
      String whole = model.complete(drawn(seed).build()).text();
      for (int from = 0; from + 3 <= whole.length(); from++) {
        String stop = whole.substring(from, from + 3);
        if (stop.indexOf('\uFFFD') < 0 && !Character.isSurrogate(stop.charAt(0))) {
          List<String> pieces = new ArrayList<>();
          TextModel.Request request =
              drawn(seed).stops(List.of("no such text", stop)).onText(pieces::add).build();
          TextModel.Response response = model.complete(request);
          assertThat(response.text()).isEqualTo(whole.substring(0, whole.indexOf(stop)));
          assertThat(response.finish()).isEqualTo(Finish.STOP);
          assertThat(String.join("", pieces)).isEqualTo(response.text());
          found++;
          from += 5;
        }
      }
    }
    assertThat(found).isGreaterThan(50);
  }

  @Test
  void should_stream_whole_characters_that_make_up_the_text() {
    int wide = 0;
    for (int seed = 0; seed < 200; seed++) {
      List<String> pieces = new ArrayList<>();
      TextModel.Response response = model.complete(drawn(seed).onText(pieces::add).build());
      assertThat(String.join("", pieces)).isEqualTo(response.text());
      for (String piece : pieces) {
        assertThat(piece).isNotEmpty();
        assertThat(Character.isLowSurrogate(piece.charAt(0))).isFalse();
        assertThat(Character.isHighSurrogate(piece.charAt(piece.length() - 1))).isFalse();
      }
      wide += response.text().codePoints().anyMatch(c -> c > 127 && c != 0xFFFD) ? 1 : 0;
    }
    assertThat(wide).as("texts with characters of several bytes").isPositive();
  }

  @Test
  void should_end_at_an_end_token_which_is_no_text() {
    TinyModel tiny = new TinyModel();
    float[] rows = tiny.tensors.get(Checkpoint.EMBEDDING).values();
    for (int i = 0; i < TinyModel.HIDDEN; i++) {
      rows[TinyTokenizer.TURN_END * TinyModel.HIDDEN + i] *= 1.5f;
    }
    int ended = 0;
    try (OnnxModel ending = load(tiny, "ending")) {
      for (int seed = 0; seed < 100; seed++) {
        TextModel.Response response = ending.complete(drawn(seed).maxTokens(200).build());
        if (response.finish() == Finish.STOP) {
          ended++;
          assertThat(response.use().outputTokens()).isLessThan(200);
        }
        assertThat(response.text()).doesNotContain("<|im_end|>");
      }
    }
    assertThat(ended).isGreaterThan(10);
  }

  @Test
  void should_say_that_the_context_is_full() {
    try (OnnxModel small =
        OnnxModel.builder(folder.resolve("base"))
            .format(WeightFormat.FP32)
            .contextWindow(64)
            .cacheDirectory(folder.resolve("cache"))
            .build()) {
      int prompt = small.tokenizer().encode(PROMPT).length;
      assertThat(small.contextWindow()).isEqualTo(64);
      TextModel.Response reached = small.complete(drawn(3).maxTokens(500).build());
      assertThat(reached.finish()).isEqualTo(Finish.CONTEXT_FULL);
      assertThat(reached.use().outputTokens()).isEqualTo(64 - prompt);
      TextModel.Response exact = small.complete(drawn(3).maxTokens(64 - prompt).build());
      assertThat(exact.finish()).isEqualTo(Finish.LENGTH);
      assertThat(exact.text()).isEqualTo(reached.text());
      TextModel.Response none =
          small.complete(TextModel.Request.builder(Prompt.of("a".repeat(64))).build());
      assertThat(none.finish()).isEqualTo(Finish.CONTEXT_FULL);
      assertThat(none.text()).isEmpty();
      assertThat(small.complete(TextModel.Request.builder(Prompt.of("a".repeat(63))).build()).use())
          .matches(use -> use.outputTokens() == 1);
    }
  }

  @Test
  void should_ask_for_a_prompt() {
    TextModel.Request request = TextModel.Request.builder(Prompt.of("")).build();
    assertThatThrownBy(() -> model.complete(request))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("prompt: empty");
  }

  @Test
  void should_never_write_a_row_that_has_no_token() {
    TinyModel tiny = new TinyModel(TinyTokenizer.SIZE + 64, 5);
    tiny.config.putArray("eos_token_id").add(2).add(100_000);
    try (OnnxModel padded = load(tiny, "padded")) {
      for (int seed = 0; seed < 50; seed++) {
        assertThat(padded.complete(drawn(seed).build()).text()).isNotNull();
      }
    }
  }

  @Test
  void should_pass_on_what_a_listener_throws_and_go_on_working() {
    IllegalStateException mine = new IllegalStateException("mine");
    TextModel.Request request =
        request()
            .onText(
                text -> {
                  throw mine;
                })
            .build();
    for (int i = 0; i < 10; i++) {
      assertThatThrownBy(() -> model.complete(request)).isSameAs(mine);
    }
    assertThat(model.complete(request().build()).finish()).isEqualTo(Finish.STOP);
  }
}
