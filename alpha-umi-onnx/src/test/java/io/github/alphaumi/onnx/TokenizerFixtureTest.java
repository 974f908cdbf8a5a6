package io.github.alphaumi.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every result of the Hugging Face library, over all kinds of tokenizers. */
class TokenizerFixtureTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gpt2",
        "llama3",
        "qwen2",
        "llama2_normalizer",
        "llama2_metaspace",
        "llama2_metaspace_first",
        "unigram",
        "smollm2"
      })
  void should_encode_and_decode_every_case_as_the_reference(String name) throws IOException {
    JsonNode expected = TokenizerFixtures.expected(name);
    try (Tokenizer tokenizer = TokenizerFixtures.load(name)) {
      assertThat(tokenizer.size()).isEqualTo(expected.path("vocab_size").asInt());
      for (JsonNode c : expected.path("cases")) {
        String text = c.path("text").asText();
        int[] ids = TokenizerFixtures.ids(c.path("ids"));
        assertThat(tokenizer.encode(text)).as("ids of %s", c).isEqualTo(ids);
        assertThat(tokenizer.encodeWithSpecialTokens(text))
            .as("ids_special of %s", c)
            .isEqualTo(TokenizerFixtures.ids(c.path("ids_special")));
        shouldDecode(tokenizer, ids, c);
      }
      for (JsonNode c : expected.path("decode_cases")) {
        shouldDecode(tokenizer, TokenizerFixtures.ids(c.path("ids")), c);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gpt2",
        "llama3",
        "qwen2",
        "llama2_normalizer",
        "llama2_metaspace",
        "llama2_metaspace_first",
        "smollm2"
      })
  void should_continue_a_prompt_by_exactly_the_text(String name) throws IOException {
    try (Tokenizer tokenizer = TokenizerFixtures.load(name)) {
      for (String text :
          List.of(
              "Call weather. Next: caller.",
              "Action: f\nAction Input: {\"a\": 1}",
              " a blank first",
              "no </s> nor <|im_end|> ends it",
              "Øl 🍺")) {
        int[] ids = tokenizer.encodeContinuation(text);
        assertThat(Arrays.stream(ids).noneMatch(tokenizer::isSpecial)).isTrue();
        StreamDecoder decoder = tokenizer.continuationDecoder();
        StringBuilder read = new StringBuilder();
        Arrays.stream(ids).forEach(id -> read.append(decoder.push(id)));
        assertThat(read.append(decoder.flush()).toString()).isEqualTo(text);
      }
    }
  }

  private static void shouldDecode(Tokenizer tokenizer, int[] ids, JsonNode c) {
    assertThat(tokenizer.decode(ids)).as("decoded of %s", c).isEqualTo(c.path("decoded").asText());
    String skipped = c.path("decoded_skip").asText();
    assertThat(tokenizer.decode(ids, true)).as("decoded_skip of %s", c).isEqualTo(skipped);
    assertThat(streamed(tokenizer, ids)).as("stream of %s", c).isEqualTo(skipped);
  }

  private static String streamed(Tokenizer tokenizer, int[] ids) {
    StreamDecoder stream = tokenizer.streamDecoder();
    StringBuilder text = new StringBuilder();
    for (int id : ids) {
      String piece = stream.push(id);
      assertThat(piece.isEmpty() || !Character.isHighSurrogate(piece.charAt(piece.length() - 1)))
          .as("no half character in '%s'", piece)
          .isTrue();
      text.append(piece);
    }
    return text.append(stream.flush()).toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "llama3", "qwen2", "smollm2"})
  void should_give_back_the_bytes_of_a_text_from_the_bytes_of_its_tokens(String name)
      throws IOException {
    boolean normalises = name.equals("qwen2");
    int compared = 0;
    try (Tokenizer tokenizer = TokenizerFixtures.load(name)) {
      for (String text : TokenizerFixtures.texts(TokenizerFixtures.expected(name))) {
        int[] ids = tokenizer.encode(text);
        if (Arrays.stream(ids).anyMatch(id -> id >= addedFrom(tokenizer, name))) {
          continue; // An added token may swallow the blanks around it.
        }
        String kept = normalises ? Normalizer.normalize(text, Normalizer.Form.NFC) : text;
        if (tokenizer.decode(ids).equals(kept)) {
          compared++;
          assertThat(bytes(tokenizer, ids)).isEqualTo(kept.getBytes(StandardCharsets.UTF_8));
        }
      }
    }
    assertThat(compared).isGreaterThan(130);
  }

  private static int addedFrom(Tokenizer tokenizer, String name) {
    return name.equals("smollm2")
        ? Integer.MAX_VALUE
        : IntStream.range(0, tokenizer.size())
            .filter(tokenizer::isSpecial)
            .findFirst()
            .orElseThrow();
  }

  private static byte[] bytes(Tokenizer tokenizer, int[] ids) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int id : ids) {
      byte[] own = tokenizer.bytes(id);
      bytes.writeBytes(own == null ? tokenizer.token(id).getBytes(StandardCharsets.UTF_8) : own);
    }
    return bytes.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gpt2",
        "llama3",
        "qwen2",
        "llama2_normalizer",
        "llama2_metaspace",
        "llama2_metaspace_first",
        "unigram",
        "smollm2"
      })
  void should_not_recognise_special_tokens_in_ordinary_text(String name) throws IOException {
    JsonNode expected = TokenizerFixtures.expected(name);
    try (Tokenizer tokenizer = TokenizerFixtures.load(name);
        OrdinaryEncoder encoder =
            new OrdinaryEncoder(TokenizerFixtures.tokenizerJson(name), name)) {
      String specials =
          IntStream.range(0, tokenizer.size())
              .filter(tokenizer::isSpecial)
              .mapToObj(tokenizer::token)
              .collect(Collectors.joining(" planner\n"));
      shouldBeOrdinary(tokenizer, specials, name);
      shouldBeOrdinary(tokenizer, specials.replace(" planner\n", ""), name);
      for (String text : TokenizerFixtures.texts(expected)) {
        int[] ids = tokenizer.encode(text);
        if (Arrays.stream(ids).noneMatch(tokenizer::isSpecial)) {
          assertThat(tokenizer.encodeOrdinary(text)).as(text).isEqualTo(ids);
          assertThat(encoder.encode(text)).as("without special tokens: %s", text).isEqualTo(ids);
        }
        shouldBeOrdinary(tokenizer, text, name);
      }
    }
  }

  private static void shouldBeOrdinary(Tokenizer tokenizer, String text, String name) {
    int unknown = tokenizer.id("<unk>").orElse(-1);
    int[] ids = tokenizer.encodeOrdinary(text);
    assertThat(Arrays.stream(ids).filter(id -> id != unknown).anyMatch(tokenizer::isSpecial))
        .as("%s: %s", name, text)
        .isFalse();
  }
}
