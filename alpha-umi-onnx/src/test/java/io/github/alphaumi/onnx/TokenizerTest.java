package io.github.alphaumi.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A vocabulary of sixteen tokens, small enough to follow by hand. */
class TokenizerTest {

  private static final int[] EMOJI = {5, 6, 7, 8};

  @TempDir Path folder;

  private Tokenizer tokenizer;

  @BeforeEach
  void load() throws URISyntaxException {
    tokenizer =
        Tokenizer.fromHuggingFace(
            Path.of(
                Objects.requireNonNull(TokenizerTest.class.getResource("tiny-bpe.json")).toURI()));
  }

  @AfterEach
  void close() {
    tokenizer.close();
  }

  @Test
  void should_neither_truncate_nor_pad_whatever_the_file_says() {
    assertThat(tokenizer.encode("ab ab ab")).containsExactly(4, 13, 13);
    assertThat(tokenizer.encode("ab")).containsExactly(4);
  }

  @Test
  void should_recognise_special_tokens_in_trusted_text_only() {
    assertThat(tokenizer.encode("<|>ab<end>")).containsExactly(0, 4, 14);
    assertThat(tokenizer.encodeWithSpecialTokens("ab")).containsExactly(0, 4);
    assertThat(tokenizer.encodeOrdinary("<|>ab")).containsExactly(12, 11, 4);
    assertThat(tokenizer.encodeOrdinary("ab")).containsExactly(4);
  }

  @Test
  void should_keep_the_ids_of_added_tokens_that_are_not_special_in_ordinary_text() {
    assertThat(tokenizer.encode("<|> [call]ab")).containsExactly(0, 15, 4);
    assertThat(tokenizer.encodeOrdinary("<|> [call]ab")).containsExactly(12, 11, 15, 4);
  }

  @Test
  void should_decode_with_and_without_special_tokens() {
    assertThat(tokenizer.decode(new int[] {0, 4, 13, 14})).isEqualTo("<|>ab ab<end>");
    assertThat(tokenizer.decode(new int[] {0, 4, 13, 14}, true)).isEqualTo("ab ab");
  }

  @Test
  void should_replace_each_maximal_invalid_part_by_one_character() {
    assertThat(tokenizer.decode(new int[] {5, 6, 7})).isEqualTo("\uFFFD");
    assertThat(tokenizer.decode(new int[] {5, 6, 5, 1})).isEqualTo("\uFFFD\uFFFDa");
    assertThat(tokenizer.decode(new int[] {8, 8})).isEqualTo("\uFFFD\uFFFD");
  }

  @Test
  void should_hold_a_character_back_until_it_is_complete() {
    StreamDecoder stream = tokenizer.streamDecoder();
    assertThat(stream.push(13)).isEqualTo(" ab");
    assertThat(stream.push(EMOJI[0])).isEmpty();
    assertThat(stream.push(EMOJI[1])).isEmpty();
    assertThat(stream.push(0)).as("special tokens are not text").isEmpty();
    assertThat(stream.push(EMOJI[2])).isEmpty();
    assertThat(stream.push(EMOJI[3])).isEqualTo("\uD83D\uDE00");
    assertThat(stream.push(EMOJI[0])).isEmpty();
    assertThat(stream.push(1)).isEqualTo("\uFFFDa");
    assertThat(stream.push(EMOJI[0])).isEmpty();
    assertThat(stream.flush()).isEqualTo("\uFFFD");
    assertThat(stream.flush()).isEmpty();
  }

  @Test
  void should_know_tokens_ids_and_bytes() {
    assertThat(tokenizer.size()).isEqualTo(16);
    assertThat(tokenizer.id("Ġab")).hasValue(13);
    assertThat(tokenizer.id("nothing")).isEmpty();
    assertThat(tokenizer.token(13)).isEqualTo("Ġab");
    assertThat(tokenizer.bytes(13)).isEqualTo(" ab".getBytes(StandardCharsets.UTF_8));
    assertThat(tokenizer.bytes(5)).containsExactly(0xF0);
    assertThat(tokenizer.bytes(0)).isNull();
    assertThat(tokenizer.isSpecial(14)).isTrue();
    assertThat(tokenizer.isSpecial(15)).isFalse();
  }

  @Test
  void should_take_text_that_is_not_well_formed() {
    assertThat(tokenizer.encode("\uD83Da\uDE00b\u0000")).containsExactly(1, 2);
  }

  @Test
  void should_give_equal_results_to_many_threads() {
    assertThat(
            IntStream.range(0, 2000)
                .parallel()
                .mapToObj(i -> tokenizer.encodeOrdinary(i % 2 == 0 ? "<|>ab" : "ab ab").length)
                .distinct())
        .containsExactlyInAnyOrder(3, 2);
  }

  @Test
  void should_name_the_id_that_is_not_in_the_vocabulary() {
    assertThatThrownBy(() -> tokenizer.decode(new int[] {16}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("token id 16 is not in the vocabulary; ids are 0 to 15");
    assertThatThrownBy(() -> tokenizer.bytes(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> tokenizer.streamDecoder().push(99))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void should_refuse_every_use_after_close() {
    StreamDecoder stream = tokenizer.streamDecoder();
    tokenizer.encodeOrdinary("<|>");
    tokenizer.close();
    tokenizer.close();
    assertThatThrownBy(() -> tokenizer.encode("a")).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> tokenizer.encodeOrdinary("<|>"))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> tokenizer.decode(new int[0]))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> stream.push(1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the tokenizer is closed");
  }

  @Test
  void should_say_which_file_is_missing_or_broken() throws IOException {
    Path missing = folder.resolve("missing.json");
    assertThatThrownBy(() -> Tokenizer.fromHuggingFace(missing))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("missing.json cannot be read");
    shouldFail("{\"model\": {\"type\":", "is not a readable tokenizer.json");
    shouldFail("[]", "not a JSON object");
    shouldFail("{}", "it has no model.vocab");
    shouldFail(
        "{\"model\":{\"type\":\"WordPiece\",\"vocab\":{}}}",
        "model.type 'WordPiece' is not supported; supported are BPE and Unigram");
    shouldFail(
        tiny().replace("\"decoder\": {\"type\": \"ByteLevel\"", "\"decoder\": {\"type\": \"CTC\""),
        "supported are ByteLevel, Metaspace and Sequence");
    shouldFail(tiny().replace("[\"a\", \"b\"]", "[\"a\", \"z\"]"), "cannot be loaded");
  }

  private void shouldFail(String json, String message) throws IOException {
    Path file = Files.writeString(folder.resolve("broken.json"), json);
    assertThatThrownBy(() -> Tokenizer.fromHuggingFace(file))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("broken.json")
        .hasMessageContaining(message);
  }

  private static String tiny() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(TokenizerTest.class.getResourceAsStream("tiny-bpe.json"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
