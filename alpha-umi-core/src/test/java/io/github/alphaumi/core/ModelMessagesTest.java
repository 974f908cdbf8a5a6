package io.github.alphaumi.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The texts that go back to models, word for word: models learn from them what to do next. */
class ModelMessagesTest {

  @Test
  void should_say_what_is_not_shown() {
    assertThat(ModelMessages.resultCut(1_000_000, 1_536))
        .isEqualTo("… [the result has 1,000,000 characters; only the first 1,536 are shown]");
    assertThat(ModelMessages.textCut(5_000, 40)).isEqualTo("… [40 of 5,000 characters are shown]");
    assertThat(ModelMessages.stepsLeftOut(1)).isEqualTo("[1 earlier step is not shown]");
    assertThat(ModelMessages.stepsLeftOut(12)).isEqualTo("[12 earlier steps are not shown]");
  }

  @Test
  void should_say_what_is_wrong_and_show_how_it_is_right() {
    assertThat(ModelMessages.noDecision())
        .isEqualTo(
            "Your turn has to end with one of: Next: caller. Next: conclusion. Next: give up. Write"
                + " it again, for example: The date is missing, so it has to be looked up. Next:"
                + " caller.");
    assertThat(
            ModelMessages.callAgain(
                ModelMessages.notAnObject("orderStatus"),
                ExampleValues.call(Tools.SHOP, "orderStatus")))
        .isEqualTo(
            "That is not a call: the arguments of orderStatus are not a JSON object. Write it"
                + " again, for example:\nAction: orderStatus\nAction Input: {\"orderId\": \"…\"}");
    assertThat(ModelMessages.answerAgain("the member total is missing", "{\"total\": 1.5}"))
        .isEqualTo(
            "That is not the form that was asked for: the member total is missing. Write it as JSON"
                + " and nothing else, in this form: {\"total\": 1.5}");
    assertThat(ModelMessages.planWithProblem("Look at 7.", "foo needs the argument a"))
        .isEqualTo("Look at 7. (An earlier call failed: foo needs the argument a.)");
    assertThat(ModelMessages.cutOff())
        .isEqualTo("the call was cut off before its end; write a shorter one");
  }

  @Test
  void should_say_what_is_not_known_and_why_nobody_decided() {
    assertThat(ModelMessages.outcomeUnknown("refund"))
        .isEqualTo(
            "it is not known whether refund was carried out: the run was cut off while it was at"
                + " work; it is not called again, find out otherwise what it did, or say so in the"
                + " answer");
    assertThat(ModelMessages.nobodyToApprove())
        .isEqualTo("this call needs approval and nobody can be asked");
    assertThat(ModelMessages.approvalTooLate())
        .isEqualTo("the call that asked for approval is over");
  }
}
