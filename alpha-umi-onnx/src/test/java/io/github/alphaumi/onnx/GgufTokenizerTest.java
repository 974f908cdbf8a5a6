package io.github.alphaumi.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GgufTokenizerTest {

  @ParameterizedTest
  @CsvSource({"gpt2, gpt-2", "qwen2, qwen2", "llama3, llama-bpe", "smollm2, smollm"})
  void should_encode_like_the_tokenizer_json_of_the_same_vocabulary(String name, String pre)
      throws IOException {
    JsonNode json = TokenizerFixtures.JSON.readTree(TokenizerFixtures.tokenizerJson(name));
    Map<String, Object> metadata = GgufMetadata.byteLevel(json, pre);
    try (Tokenizer tokenizer = Tokenizer.fromGguf(metadata)) {
      assertThat(compare(tokenizer, name, json)).isGreaterThan(150);
    }
  }

  /** Compares the cases without those added tokens whose flags a GGUF file has no place for. */
  private static int compare(Tokenizer tokenizer, String name, JsonNode json) throws IOException {
    List<String> flagged = GgufMetadata.flagged(json);
    int compared = 0;
    for (JsonNode c : TokenizerFixtures.expected(name).path("cases")) {
      String text = c.path("text").asText();
      String composed = Normalizer.normalize(text, Normalizer.Form.NFC);
      if (flagged.stream().noneMatch(composed::contains)) {
        compared++;
        assertThat(tokenizer.encode(text)).as(text).isEqualTo(TokenizerFixtures.ids(c.path("ids")));
        assertThat(tokenizer.encodeWithSpecialTokens(text))
            .as(text)
            .isEqualTo(TokenizerFixtures.ids(c.path("ids_special")));
        assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(c.path("decoded").asText());
      }
    }
    return compared;
  }

  @Test
  void should_read_the_tokenizer_of_a_real_file() throws IOException {
    Map<String, Object> metadata =
        GgufMetadata.read(Shared.path("models/SmolLM2-135M-Instruct.Q4_1.gguf"));
    try (Tokenizer tokenizer = Tokenizer.fromGguf(metadata)) {
      for (JsonNode c : TokenizerFixtures.expected("smollm2").path("cases")) {
        assertThat(tokenizer.encode(c.path("text").asText()))
            .as("%s", c)
            .isEqualTo(TokenizerFixtures.ids(c.path("ids")));
      }
      JsonNode prompts =
          TokenizerFixtures.JSON
              .readTree(Shared.path("fixtures/smollm2/expected.json").toFile())
              .path("prompts");
      assertThat(prompts).isNotEmpty();
      for (JsonNode c : prompts) {
        assertThat(tokenizer.encode(c.path("text").asText()))
            .as("%s", c.path("text"))
            .isEqualTo(TokenizerFixtures.ids(c.path("ids")));
      }
    }
  }

  @Test
  void should_join_pieces_by_score_as_sentencepiece_does() throws IOException {
    JsonNode json =
        TokenizerFixtures.JSON.readTree(TokenizerFixtures.tokenizerJson("llama2_normalizer"));
    Map<String, Object> metadata = GgufMetadata.sentencePiece(json);
    ScoredPieces reference = new ScoredPieces(metadata);
    List<String> flagged = GgufMetadata.flagged(json);
    int compared = 0;
    try (Tokenizer tokenizer = Tokenizer.fromGguf(metadata)) {
      for (JsonNode c : TokenizerFixtures.expected("llama2_normalizer").path("cases")) {
        String text = c.path("text").asText();
        boolean plain = !text.contains("<") && flagged.stream().noneMatch(text::contains);
        if (plain && !text.isEmpty()) {
          compared++;
          int[] ids = tokenizer.encode(text);
          assertThat(ids).as(text).isEqualTo(reference.encode(text));
          assertThat(tokenizer.decode(ids)).isEqualTo(c.path("decoded").asText());
        }
      }
    }
    assertThat(compared).isGreaterThan(100);
  }

  @Test
  void should_add_bos_and_eos_as_the_metadata_says() {
    Map<String, Object> metadata = tiny();
    metadata.put("tokenizer.ggml.add_bos_token", true);
    metadata.put("tokenizer.ggml.add_eos_token", true);
    metadata.put("tokenizer.ggml.bos_token_id", 0L);
    metadata.put("tokenizer.ggml.eos_token_id", 1L);
    try (Tokenizer tokenizer = Tokenizer.fromGguf(metadata)) {
      assertThat(tokenizer.encodeWithSpecialTokens("ab")).containsExactly(0, 4, 1);
      assertThat(tokenizer.encode("ab")).containsExactly(4);
      assertThat(tokenizer.encode("<s>ab")).containsExactly(0, 4);
    }
  }

  @Test
  void should_name_the_key_and_what_is_supported() {
    Map<String, Object> kind = tiny();
    kind.put("tokenizer.ggml.model", "bert");
    assertThatThrownBy(() -> Tokenizer.fromGguf(kind))
        .isInstanceOf(ModelFileException.class)
        .hasMessage("tokenizer.ggml.model 'bert' is not supported; supported are gpt2 and llama");

    Map<String, Object> pre = tiny();
    pre.put("tokenizer.ggml.pre", "tekken");
    assertThatThrownBy(() -> Tokenizer.fromGguf(pre))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("tokenizer.ggml.pre 'tekken' is not supported")
        .hasMessageContaining("llama-bpe")
        .hasMessageContaining("smollm");

    Map<String, Object> absent = tiny();
    absent.remove("tokenizer.ggml.merges");
    assertThatThrownBy(() -> Tokenizer.fromGguf(absent))
        .isInstanceOf(ModelFileException.class)
        .hasMessage("tokenizer.ggml.merges is absent; expected is a List");

    Map<String, Object> types = tiny();
    types.put("tokenizer.ggml.token_type", new int[] {1});
    assertThatThrownBy(() -> Tokenizer.fromGguf(types))
        .isInstanceOf(ModelFileException.class)
        .hasMessage("tokenizer.ggml.token_type has 1 values for 5 tokens");
  }

  private static Map<String, Object> tiny() {
    Map<String, Object> metadata = new HashMap<>();
    metadata.put("tokenizer.ggml.model", "gpt2");
    metadata.put("tokenizer.ggml.pre", "gpt-2");
    metadata.put("tokenizer.ggml.tokens", List.of("<s>", "</s>", "a", "b", "ab"));
    metadata.put("tokenizer.ggml.token_type", new int[] {3, 3, 1, 1, 1});
    metadata.put("tokenizer.ggml.merges", List.of("a b"));
    return metadata;
  }
}
