package io.github.alphaumi.onnx;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class FreeTextTest {
  private static final List<String> ENDINGS =
      List.of("Next: caller.", "Next: conclusion.", "Next: give up.");

  private final Grammar grammar = new Grammar();

  @Test
  void should_end_the_first_time_an_ending_is_complete() {
    Expression root = grammar.freeTextThenOneOf(ENDINGS);
    for (String text : List.of("", "I look. ", "Next", "Next Next", "\u4f60\u597d\tNex")) {
      for (String ending : ENDINGS) {
        assertThat(at(root, text + ending).mustEnd()).as(text + ending).isTrue();
      }
    }
  }

  @Test
  void should_hold_to_the_endings_once_their_common_beginning_is_written() {
    Expression root = grammar.freeTextThenOneOf(ENDINGS);
    assertThat(at(root, "x Next: ").first().size()).isEqualTo(2);
    assertThat(at(root, "Next: s").isDead()).isTrue();
    assertThat(new String(at(root, "Next: g").forced(), UTF_8)).isEqualTo("ive up.");
    assertThat(new String(at(root, "NNe").shortestCompletion(), UTF_8)).isEqualTo("xt: caller.");
  }

  @Test
  void should_exclude_control_characters_and_broken_characters() {
    Expression root = grammar.freeTextThenOneOf(ENDINGS);
    assertThat(root.next('\r').isDead()).isTrue();
    assertThat(root.next(0).isDead()).isTrue();
    assertThat(root.next(0xFF).isDead()).isTrue();
    Expression half = root.next(0xE4);
    assertThat(half.next('N').isDead()).isTrue();
    assertThat(half.shortest()).isEqualTo(2 + "Next: caller.".length());
  }

  @Test
  void should_begin_an_ending_when_the_budget_is_spent() {
    Expression root = grammar.freeTextThenOneOf(ENDINGS, 3);
    assertThat(new String(at(root, "abc").forced(), UTF_8)).isEqualTo("Next: ");
    assertThat(new String(at(root, "abN").forced(), UTF_8)).isEqualTo("ext: ");
    assertThat(at(root, "ab\u4f60Next: caller.").mustEnd()).isTrue();
    assertThat(at(root, "abcd").isDead()).isTrue();
    Expression none = grammar.freeTextThenOneOf(ENDINGS, 0);
    assertThat(new String(none.forced(), UTF_8)).isEqualTo("Next: ");
  }

  @Test
  void should_watch_for_endings_that_have_nothing_in_common() {
    Expression root =
        grammar.freeTextThenOneOf(List.of("STOP", "TOPPLE", "\u00e9!", "\u00e8!", "O"));
    assertThat(at(root, "SSTO").mustEnd()).isTrue();
    assertThat(at(root, "x\u00e9\u00e8!").mustEnd()).isTrue();
    assertThat(at(root, "\u00e9").shortest()).isEqualTo(1);
    assertThat(at(root, "x").shortestCompletion()).isEqualTo(new byte[] {'O'});
  }

  @Test
  void should_let_the_shorter_of_two_endings_win() {
    Expression root = grammar.freeTextThenOneOf(List.of("end", "ending", "en route"));
    assertThat(at(root, "the end").mustEnd()).isTrue();
  }

  @Test
  void should_hold_to_the_names_at_the_beginning_of_every_sentence() {
    Expression root =
        grammar.freeTextThenOneOf(ENDINGS, "Call ", List.of("order", "orderStatus", "stock"));
    assertThat(at(root, "Call order. Next: caller.").mustEnd()).isTrue();
    assertThat(at(root, "Call orderStatus for A. Next: caller.").mustEnd()).isTrue();
    assertThat(at(root, "Call price").isDead()).isTrue();
    assertThat(at(root, "Call orders").isDead()).isTrue();
    assertThat(at(root, "First. Call price").isDead()).isTrue();
    assertThat(at(root, "Call stock. Call price").isDead()).isTrue();
    assertThat(at(root, "Call stock, then. Call price").isDead()).isTrue();
    assertThat(at(root, "Call stock. Call stock. Next: caller.").mustEnd()).isTrue();
    assertThat(at(root, "I Call price. Next: caller.").mustEnd()).isTrue();
    assertThat(new String(at(root, "Call sto").shortestCompletion(), UTF_8))
        .isEqualTo("ck Next: caller.");
  }

  @Test
  void should_not_take_the_start_of_a_text_for_the_beginning_of_an_ending() {
    Expression root =
        grammar.freeTextThenOneOf(List.of(" Next.", ". End."), "\u00dc", List.of("a"));
    assertThat(at(root, "Next.").mustEnd()).isFalse();
    assertThat(at(root, " Next.").mustEnd()).isTrue();
    assertThat(at(root, "\u00dcb").isDead()).isTrue();
    assertThat(at(root, "\u00dca Next.").mustEnd()).isTrue();
    assertThat(at(root, "\u00dca. End.").mustEnd()).isTrue();
    assertThat(root.next(0xC3).shortest()).isEqualTo(1 + " Next.".length());
  }

  @Test
  void should_refuse_endings_that_cannot_be_written() {
    assertThatThrownBy(() -> grammar.freeTextThenOneOf(List.of("a\r"))).hasMessageContaining("a\r");
    assertThatThrownBy(() -> grammar.freeTextThenOneOf(List.of()))
        .hasMessageContaining("one ending");
  }

  private static Expression at(Expression root, String text) {
    return root.next(text.getBytes(UTF_8));
  }
}
