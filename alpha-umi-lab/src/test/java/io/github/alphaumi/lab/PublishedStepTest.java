package io.github.alphaumi.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Vectors that were made by running the published parser. */
class PublishedStepTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "I think X. Next: caller.</s>caller: Action: foo~Action Input: {\"a\": 1}"
            + " | I think X. Next: caller. | foo | {\"a\": 1}",
        "none Next: caller.</s>caller: ~ | none Next: caller. | none | {}",
        "T Next: caller.</s>caller: Action: foo~Action Input: {\"q\": \"Action: bar\"}"
            + " | T Next: caller. | bar\"} | {\"q\": \"Action: bar\"}",
        "T Next: caller.</s>caller: Action Input: {}~Action: foo"
            + " | T Next: caller. | foo | {}~Action: foo",
        "T Next: caller.</s>caller: Action: foo </s> | T Next: caller. | foo | {}",
      })
  void should_read_calls_as_published(
      String text, String thought, String action, String arguments) {
    PublishedStep step = PublishedStep.read(text.replace('~', '\n'));

    assertThat(step.plan()).isEqualTo("call");
    assertThat(step.thought()).isEqualTo(thought);
    assertThat(step.action()).isEqualTo(action);
    assertThat(step.arguments()).isEqualTo(arguments.replace('~', '\n'));
  }

  @Test
  void should_behead_an_answer_that_repeats_the_cue_as_published() {
    PublishedStep step =
        PublishedStep.read("T Next: conclusion.</s>conclusion: ans conclusion: two</s>");

    assertThat(step.plan()).isEqualTo("finish");
    assertThat(step.thought()).isEqualTo("T");
    assertThat(step.answer()).isEqualTo("two");
  }

  @Test
  void should_read_decisions_without_their_full_stop() {
    assertThat(PublishedStep.read("T Next: give up").plan()).isEqualTo("give up");
    PublishedStep conclusion = PublishedStep.read("T Next: conclusion");
    assertThat(conclusion.plan()).isEqualTo("finish");
    assertThat(conclusion.answer()).isEqualTo("T Next: conclusion");
  }

  @Test
  void should_take_a_text_without_anything_for_no_call() {
    PublishedStep step = PublishedStep.read("whatever");

    assertThat(step.plan()).isEqualTo("call");
    assertThat(step.action()).isEqualTo("none");
  }
}
