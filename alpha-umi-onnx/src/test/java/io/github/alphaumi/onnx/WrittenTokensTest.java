package io.github.alphaumi.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.langchain4j.model.chat.request.json.JsonIntegerSchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import io.github.alphaumi.core.Constraint;
import io.github.alphaumi.core.Prompt;
import io.github.alphaumi.core.Sampling;
import io.github.alphaumi.core.TextModel;
import io.github.alphaumi.core.TextModel.Detail;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a response says of its tokens, against the logits of the whole text read at once. */
class WrittenTokensTest {
  private static final String PROMPT = "<|im_start|>user\nWhere is order A-4711?<|im_end|>\n";

  private static final List<Constraint> CONSTRAINTS =
      List.of(
          Constraint.none(),
          new Constraint.OneOf(List.of("the first of two texts", "the second, which is longer")),
          new Constraint.EndsWith(List.of(" Next: caller.", " Next: conclusion.")),
          new Constraint.Json(
              JsonObjectSchema.builder()
                  .addProperty("numberOfDays", new JsonIntegerSchema())
                  .addBooleanProperty("isConfirmed")
                  .required("numberOfDays", "isConfirmed")
                  .additionalProperties(false)
                  .build()));

  @TempDir static Path folder;
  private static OnnxModel model;
  private static Engine engine;

  @BeforeAll
  static void load() {
    Path tiny = new TinyModel().write(folder.resolve("model"));
    model = TinyModels.builder(tiny, folder.resolve("cache")).build();
    engine = Engine.open(tiny, WeightFormat.FP32, folder.resolve("cache"));
  }

  @AfterAll
  static void close() {
    model.close();
    engine.close();
  }

  private static TextModel.Request.Builder request(Constraint constraint, int seed) {
    return TextModel.Request.builder(Prompt.of(PROMPT))
        .constraint(constraint)
        .maxTokens(40)
        .sampling(Sampling.temperature(0.8, seed).withRepetitionPenalty(1.3).withTopP(0.9));
  }

  @Test
  void should_give_each_token_the_probability_that_the_model_gave_it() {
    int[] prompt = model.tokenizer().encodeWithSpecialTokens(PROMPT);
    for (Constraint constraint : CONSTRAINTS) {
      for (int seed = 0; seed < 10; seed++) {
        TextModel.Response response =
            model.complete(request(constraint, seed).detail(Detail.LOG_PROBABILITIES).build());
        List<TextModel.Token> tokens = response.tokens();
        int[] all =
            IntStream.concat(IntStream.of(prompt), tokens.stream().mapToInt(TextModel.Token::id))
                .toArray();
        float[][] logits = engine.logits(all);
        assertThat(tokens).isNotEmpty();
        for (int i = 0; i < tokens.size(); i++) {
          assertThat(tokens.get(i).logProbability())
              .as("%s, seed %d, token %d", constraint, seed, i)
              .isCloseTo(
                  Parity.logProbability(logits[prompt.length - 1 + i], tokens.get(i).id()),
                  within(2e-4));
        }
      }
    }
  }

  @Test
  void should_name_the_tokens_that_the_model_held_the_likeliest() {
    int[] prompt = model.tokenizer().encodeWithSpecialTokens(PROMPT);
    for (Constraint constraint : CONSTRAINTS) {
      TextModel.Request.Builder request = request(constraint, 3).detail(Detail.LOG_PROBABILITIES);
      List<TextModel.Token> tokens = model.complete(request.likeliest(7).build()).tokens();
      float[][] logits =
          engine.logits(
              IntStream.concat(IntStream.of(prompt), tokens.stream().mapToInt(TextModel.Token::id))
                  .toArray());
      for (int i = 0; i < tokens.size(); i++) {
        float[] place = logits[prompt.length - 1 + i];
        List<TextModel.Token.Candidate> likeliest = tokens.get(i).likeliest();
        assertThat(likeliest).extracting(TextModel.Token.Candidate::id).doesNotHaveDuplicates();
        double[] best =
            IntStream.range(0, place.length)
                .mapToDouble(id -> -Parity.logProbability(place, id))
                .sorted()
                .limit(7)
                .toArray();
        assertThat(likeliest).hasSize(7);
        for (int k = 0; k < 7; k++) {
          TextModel.Token.Candidate candidate = likeliest.get(k);
          assertThat(candidate.logProbability())
              .isCloseTo(-best[k], within(2e-4))
              .isCloseTo(Parity.logProbability(place, candidate.id()), within(2e-4));
          assertThat(candidate.text()).isNotEmpty();
          if (candidate.id() == tokens.get(i).id()) {
            assertThat(candidate.logProbability()).isEqualTo(tokens.get(i).logProbability());
          }
        }
      }
    }
  }

  @Test
  void should_refuse_to_name_tokens_without_their_probabilities() {
    TextModel.Request.Builder request = request(Constraint.none(), 1).likeliest(2);
    for (Detail detail : List.of(Detail.TEXT, Detail.TOKENS)) {
      assertThatThrownBy(() -> request.detail(detail).build())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("likeliest: 2")
          .hasMessageContaining("LOG_PROBABILITIES");
    }
    assertThatThrownBy(() -> request.likeliest(-1).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("likeliest: -1");
  }

  @Test
  void should_write_the_same_whatever_is_asked_about_the_tokens() {
    for (Constraint constraint : CONSTRAINTS) {
      for (int seed = 0; seed < 10; seed++) {
        TextModel.Response plain = model.complete(request(constraint, seed).build());
        assertThat(plain.tokens()).isEmpty();
        for (Detail detail : List.of(Detail.TOKENS, Detail.LOG_PROBABILITIES)) {
          TextModel.Response detailed =
              model.complete(request(constraint, seed).detail(detail).build());
          assertThat(detailed.text()).isEqualTo(plain.text());
          assertThat(texts(detailed)).isEqualTo(plain.text());
          assertThat(detailed.use().outputTokens()).isEqualTo(detailed.tokens().size());
          assertThat(detailed.tokens())
              .allMatch(
                  token ->
                      (token.logProbability() != null) == (detail == Detail.LOG_PROBABILITIES));
        }
      }
    }
  }

  @Test
  void should_continue_token_ids_as_it_does_the_text() {
    int[] prompt = model.tokenizer().encodeWithSpecialTokens(PROMPT);
    TextModel.Request request = request(CONSTRAINTS.get(3), 5).detail(Detail.TOKENS).build();
    TextModel.Response response = model.complete(prompt, request, null);
    assertThat(response.tokens()).isEqualTo(model.complete(request).tokens()).isNotEmpty();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> model.complete(new int[0], request, null))
        .withMessageContaining("empty");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> model.complete(new int[] {1, -1}, request, null))
        .withMessageStartingWith("ids: -1 is not in the vocabulary of ");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> model.complete(prompt, request, "none"))
        .withMessageContaining("adapter 'none' is not loaded");
  }

  @Test
  void should_continue_token_ids_without_a_tokenizer() throws IOException {
    Path mute = new TinyModel().write(folder.resolve("mute"));
    int[] prompt = model.tokenizer().encodeWithSpecialTokens(PROMPT);
    List<Integer> ids = ids(model.complete(prompt, greedy(), null));
    Files.delete(mute.resolve("tokenizer.json"));
    try (OnnxModel silent = TinyModels.builder(mute, folder.resolve("cache")).build()) {
      TextModel.Response response = silent.complete(prompt, greedy(), null);
      assertThat(ids(response)).isEqualTo(ids).isNotEmpty();
      assertThat(response.text()).isEmpty();
      assertThat(silent.score(prompt, null)).isEqualTo(model.score(prompt, null));
      assertThatThrownBy(() -> silent.complete(greedy()))
          .isInstanceOf(ModelFileException.class)
          .hasMessageEndingWith(
              "has no tokenizer: add its tokenizer.json, or give prompts in token ids");
      assertThatThrownBy(() -> silent.complete(request(CONSTRAINTS.get(1), 1).build()))
          .isInstanceOf(ModelFileException.class);
      assertThatThrownBy(silent::tokenizer).isInstanceOf(ModelFileException.class);
    }
  }

  @Test
  void should_go_on_after_control_tokens_where_tokens_are_asked_for() {
    int[] prompt = model.tokenizer().encodeWithSpecialTokens(PROMPT);
    List<Integer> ids = ids(model.complete(prompt, greedy(), null));
    List<Integer> text = ids(model.complete(greedy(PROMPT)));
    assertThat(ids).startsWith(text.toArray(new Integer[0])).hasSizeGreaterThan(text.size());
    assertThat(ids).anyMatch(model.tokenizer()::isSpecial);
  }

  private static TextModel.Request greedy(String prompt) {
    return TextModel.Request.builder(Prompt.of(prompt)).maxTokens(20).detail(Detail.TOKENS).build();
  }

  private static TextModel.Request greedy() {
    return greedy("x");
  }

  private static List<Integer> ids(TextModel.Response response) {
    return response.tokens().stream().map(TextModel.Token::id).toList();
  }

  @Test
  void should_score_a_text_as_its_logits_do() {
    int[] ids = model.tokenizer().encode("Where is order A-4711? It is on its way, they say.");
    float[][] logits = engine.logits(ids);
    List<TokenScore> scores = model.score(ids, null);
    assertThat(scores).hasSize(ids.length - 1);
    for (int i = 0; i < scores.size(); i++) {
      assertThat(scores.get(i).logProbability())
          .isCloseTo(Parity.logProbability(logits[i], ids[i + 1]), within(2e-4));
      assertThat(scores.get(i).likeliest()).isEqualTo(Parity.argmax(FloatBuffer.wrap(logits[i])));
    }
    assertThat(model.score(new int[] {5}, null)).isEmpty();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> model.score(new int[model.contextWindow() + 1], null))
        .withMessageContaining("score the text in parts");
  }

  private static String texts(TextModel.Response response) {
    return response.tokens().stream().map(TextModel.Token::text).collect(Collectors.joining());
  }

  @Test
  void should_name_the_tokens_of_a_stop_string_too() {
    String whole = model.complete(request(Constraint.none(), 3).build()).text();
    String stop = whole.substring(whole.length() / 2, whole.length() / 2 + 3);
    TextModel.Response stopped =
        model.complete(
            request(Constraint.none(), 3).stops(List.of(stop)).detail(Detail.TOKENS).build());
    assertThat(texts(stopped)).startsWith(stopped.text() + stop);
    assertThat(whole).startsWith(texts(stopped));
  }
}
