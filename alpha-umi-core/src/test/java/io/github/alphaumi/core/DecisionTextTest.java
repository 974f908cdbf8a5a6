package io.github.alphaumi.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecisionTextTest {

  private static Decision call(String rationale) {
    return new Decision.Call(rationale);
  }

  private static Decision conclude(String rationale) {
    return new Decision.Conclude(rationale);
  }

  private static Decision giveUp(String rationale) {
    return new Decision.GiveUp(rationale);
  }

  static Stream<Arguments> exact() {
    return Stream.of(
        Arguments.of("Call price for MSFT. Next: caller.", call("Call price for MSFT.")),
        Arguments.of("The result is in. Next: conclusion.", conclude("The result is in.")),
        Arguments.of("No tool can do this. Next: give up.", giveUp("No tool can do this.")),
        Arguments.of("Next: caller.", call("")),
        Arguments.of("Two\nlines. Next: caller.", call("Two\nlines.")),
        Arguments.of(
            "The next call gets the price. Next: conclusion.",
            conclude("The next call gets the price.")),
        Arguments.of(" Next: give up.\n", giveUp("")));
  }

  @ParameterizedTest
  @MethodSource("exact")
  void should_read_what_is_written_as_trained(String text, Decision expected) {
    DecisionText.Reading reading = DecisionText.read(text).orElseThrow();

    assertThat(reading.decision()).isEqualTo(expected);
    assertThat(reading.exact()).isTrue();
    assertThat(DecisionText.write(expected)).isEqualTo(text.strip());
  }

  static Stream<Arguments> sloppy() {
    return Stream.of(
        Arguments.of("T Next: Caller.", call("T")),
        Arguments.of("T next:caller", call("T")),
        Arguments.of("T\n**Next:** conclusion", conclude("T")),
        Arguments.of("T Next: `give_up`", giveUp("T")),
        Arguments.of("T Next - summarizer", conclude("T")),
        Arguments.of("T Next: Give Up!", giveUp("T")),
        Arguments.of("T Next step: caller", call("T")),
        Arguments.of("T Next is: the conclusion.", conclude("T")),
        Arguments.of("T Next caller.", call("T")),
        Arguments.of("T. Next is the caller", call("T.")),
        Arguments.of("Next: call price for MSFT.", call("Next: call price for MSFT.")),
        Arguments.of("T Next: conclude that it rose.", conclude("T Next: conclude that it rose.")),
        Arguments.of(": T Next: caller.", call("T")),
        Arguments.of(". Next: caller.", call("")),
        // Prose about what comes next decides nothing as long as a real ending is there.
        Arguments.of(
            "The next call is not needed.\nNEXT: CONCLUSION",
            conclude("The next call is not needed.")),
        Arguments.of(
            "I asked the next caller. Next: give up. Bye", giveUp("I asked the next caller.")),
        // Here the published reader says "give up", because that is looked for first (1.5).
        Arguments.of("T Next: caller.</s>caller: Action: a Next: give up.", call("T")),
        Arguments.of("T Next: caller. Next: conclusion.", call("T")),
        // Vectors of the published parser (1.6), of which the planner's part is read here.
        Arguments.of(
            "I think X. Next: caller.</s>caller: Action: foo\nAction Input: {\"a\": 1}",
            call("I think X.")),
        Arguments.of("T Next: conclusion.</s>conclusion: ans conclusion: two", conclude("T")),
        Arguments.of("none Next: caller.</s>caller: ", call("none")),
        Arguments.of("noneNext: caller.", call("none")),
        // The forms of other frameworks. A call is told in words, and only if it can be read.
        Arguments.of(
            "Thought: I need it.\nAction: foo\nAction Input: {'a': 1}",
            call("I need it. Call foo with {\"a\": 1}.")),
        Arguments.of(
            "Thought: I need it.\nAction: foo\nAction Input: {\"a\": 1", call("I need it.")),
        Arguments.of(
            "Thought: I know.\nFinal Answer: It is 7.",
            conclude("I know.\nFinal Answer: It is 7.")),
        Arguments.of("conclusion: give up.", giveUp("")),
        Arguments.of("conclusion: It is 7.", conclude("conclusion: It is 7.")),
        Arguments.of("Finish[7]", conclude("Finish[7]")),
        Arguments.of(
            "<tool_call>{\"name\": \"foo\", \"arguments\": {\"a\": 1}}</tool_call>",
            call("Call foo with {\"a\": 1}.")),
        Arguments.of("foo(a=1)", call("Call foo with {\"a\": 1}.")),
        Arguments.of(
            "```json\n{\"rationale\": \"T\", \"next\": \"conclusion\"}\n```", conclude("T")),
        Arguments.of("<think>Next: give up.</think>\nT Next: caller.", call("T")),
        Arguments.of("T\nObservation: {\"x\": 1}\nNext: conclusion.", conclude("T")),
        // Not published: a period is not needed for giving up alone, but for all three.
        Arguments.of("T Next: give up", giveUp("T")),
        Arguments.of("T Next: conclusion", conclude("T")));
  }

  @ParameterizedTest
  @MethodSource("sloppy")
  void should_read_what_is_meant(String text, Decision expected) {
    DecisionText.Reading reading = DecisionText.read(text).orElseThrow();

    assertThat(reading.decision()).isEqualTo(expected);
    assertThat(reading.exact()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "   ",
        "I will ask the next caller about the price.",
        "The next call needs a date, which I lack.",
        "Next, callback handlers are installed.",
        "the context: caller is unknown",
        "Next: the price.",
        "caller.",
        "I give up.",
        "Next: callers",
        "Next:::::: caller of some kind"
      })
  void should_find_no_decision_in_prose(String text) {
    assertThat(DecisionText.read(text)).isEmpty();
  }

  @Test
  void should_keep_beginning_and_end_of_an_endless_rationale() {
    String endless = "First. " + "again 😀 ".repeat(100_000) + "So look at 7.";

    Decision decision = DecisionText.read(endless + " Next: caller.").orElseThrow().decision();

    assertThat(decision.rationale())
        .hasSizeLessThanOrEqualTo(4_000)
        .startsWith("First. again")
        .contains(" … ")
        .endsWith("So look at 7.");
    assertThat(DecisionText.write(decision)).matches("(?s)\\P{Cs}*");
  }

  @Test
  void should_take_silence_after_a_result_for_a_conclusion() {
    Trajectory start = Trajectory.start("task");
    Step ok = Step.of(new Decision.Call(""), new ToolCall("a", Map.of()), Observation.ok("{}"));
    Step failed =
        Step.unreadable(new Decision.Call(""), Observation.error(Observation.Status.INVALID, "no"));

    assertThat(DecisionText.withoutEnding(" . ", start.with(ok), true)).isEqualTo(conclude(""));
    assertThat(DecisionText.withoutEnding("go on", start.with(ok), true)).isEqualTo(call("go on"));
    assertThat(DecisionText.withoutEnding("", start.with(failed), true)).isEqualTo(call(""));
    assertThat(DecisionText.withoutEnding("", start, true)).isEqualTo(call(""));
    assertThat(DecisionText.withoutEnding(": hello", start, false)).isEqualTo(conclude("hello"));
  }
}
