package io.github.alphaumi.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Steps that a single model writes. */
class StepFormTest {

  @Test
  void should_read_a_single_models_step_as_published() {
    PublishedStep call =
        StepForm.BACKBONE.published("Look.\nAction: foo\nAction Input: {\"a\": 1}");
    assertThat(call.plan()).isEqualTo("call");
    assertThat(call.action()).isEqualTo("foo");
    assertThat(call.arguments()).isEqualTo("{\"a\": 1}");
    assertThat(StepForm.BACKBONE.published("x\nconclusion: give up.").plan()).isEqualTo("give up");
    PublishedStep answer = StepForm.BACKBONE.published("x\nconclusion: a conclusion: b</s>");
    assertThat(answer.plan()).isEqualTo("finish");
    assertThat(answer.answer()).isEqualTo("b</s>");
    assertThat(StepForm.BACKBONE.published("nothing").action()).isEqualTo("none");
  }

  @Test
  void should_read_a_single_models_step_as_a_run_would() {
    JoinedStep call =
        StepForm.BACKBONE.joined("Look.\nAction: foo\nAction Input: {\"a\": \"conclusion: b\"}");
    assertThat(call.decision()).isEqualTo("call");
    assertThat(call.call()).isNotNull();
    JoinedStep answer = StepForm.BACKBONE.joined("x\nconclusion: a conclusion: b</s>");
    assertThat(answer.decision()).isEqualTo("conclude");
    assertThat(answer.answer()).isEqualTo("a conclusion: b");
    assertThat(StepForm.BACKBONE.joined("x\nconclusion: give up.").decision()).isEqualTo("give up");
    assertThat(StepForm.BACKBONE.joined("nothing").call()).isNull();
  }
}
