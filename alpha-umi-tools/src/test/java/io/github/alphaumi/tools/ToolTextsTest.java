package io.github.alphaumi.tools;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Golden texts, written by hand: small models read them, so a change is a change of behaviour. */
class ToolTextsTest {
  private static final JsonNode SEVEN = ToolJson.RESULTS.getNodeFactory().numberNode(7);

  @Test
  void should_say_what_to_use_instead_of_an_unknown_tool() {
    assertThat(ToolTexts.unknownTool("addd", List.of("add", "addAll", "sum")))
        .isEqualTo("the tool addd does not exist; use add, addAll or sum");
    assertThat(ToolTexts.unknownTool("addd", List.of()))
        .isEqualTo("the tool addd does not exist and there is no other");
  }

  @Test
  void should_say_what_is_wrong_with_an_argument() {
    assertThat(ToolTexts.missing("", "id")).isEqualTo("the argument id is missing");
    assertThat(ToolTexts.missing("item", "id")).isEqualTo("the argument item.id is missing");
    assertThat(ToolTexts.unknownArgument("", "it")).isEqualTo("there is no argument it");
    assertThat(ToolTexts.wrongType("a", "string", SEVEN)).isEqualTo("a must be text, not 7");
    assertThat(ToolTexts.wrongType("a", "array", SEVEN)).isEqualTo("a must be a list, not 7");
    assertThat(ToolTexts.wrongType("a", "number", SEVEN)).isEqualTo("a must be a number, not 7");
    assertThat(ToolTexts.wrongType("", "object", SEVEN))
        .isEqualTo("the arguments must be an object, not 7");
    assertThat(ToolTexts.tooSmall("a", SEVEN, SEVEN)).isEqualTo("a must be at least 7, not 7");
    assertThat(ToolTexts.tooLarge("a", SEVEN, SEVEN)).isEqualTo("a must be at most 7, not 7");
    assertThat(ToolTexts.notOneCharacter("a", SEVEN)).isEqualTo("a must be one character, not 7");
    assertThat(ToolTexts.wrongFormat("a", TextFormat.DATE, SEVEN))
        .isEqualTo("a must be a date such as 2026-01-31, not 7");
    JsonNode choices = ToolJson.RESULTS.createArrayNode().add("UP").add("DOWN");
    assertThat(ToolTexts.notAChoice("a", choices, SEVEN)).isEqualTo("a must be UP or DOWN, not 7");
    assertThat(ToolTexts.notAName("a", choices, "b"))
        .isEqualTo("names in a must be UP or DOWN, not b");
    assertThat(ToolTexts.wrong("a", "odd")).isEqualTo("a: odd");
    assertThat(ToolTexts.refusedByType("a", null))
        .isEqualTo("a is not a value that the tool takes");
    assertThat(ToolTexts.refusedByType("a", "too old"))
        .isEqualTo("a is not a value that the tool takes: too old");
    assertThat(ToolTexts.tooDeep()).isEqualTo("the arguments are nested too deep");
    assertThat(ToolTexts.invalid("add", List.of("a: odd", "b: even")))
        .isEqualTo("add was not called: a: odd; b: even");
  }

  @Test
  void should_quote_no_more_than_the_beginning_of_a_long_value() {
    JsonNode value = ToolJson.RESULTS.getNodeFactory().textNode("x".repeat(1_000));
    assertThat(ToolTexts.wrongType("a", "number", value))
        .isEqualTo("a must be a number, not \"" + "x".repeat(59) + "…");
    assertThat(ToolTexts.unknownTool("😀".repeat(100), List.of()))
        .isEqualTo("the tool " + "😀".repeat(30) + "… does not exist and there is no other");
  }

  @Test
  void should_say_how_a_call_ended() {
    assertThat(ToolTexts.refused("too expensive")).isEqualTo("too expensive");
    assertThat(ToolTexts.refused("")).isEqualTo("the call was not approved");
    assertThat(ToolTexts.busy()).isEqualTo("the tool is busy and was not started");
    assertThat(ToolTexts.endedBefore()).isEqualTo("the run ended before the tool was started");
    assertThat(ToolTexts.cancelled())
        .isEqualTo(
            "the run was cancelled while the tool was at work; whether it had an effect is"
                + " unknown");
    assertThat(ToolTexts.timedOut(Duration.ofSeconds(30)))
        .isEqualTo(
            "the tool did not answer within 30 seconds; whether it had an effect is unknown");
    assertThat(ToolTexts.timedOut(Duration.ofMillis(1_500))).contains("within 1.5 seconds");
    assertThat(ToolTexts.failed(null)).isEqualTo("the tool failed");
    assertThat(ToolTexts.failed("no such file")).isEqualTo("the tool failed: no such file");
    assertThat(ToolTexts.unreadableResult())
        .isEqualTo("the tool's result is of a kind that cannot be shown");
  }

  @Test
  void should_say_what_is_missing_from_a_result() {
    assertThat(ToolTexts.shortened(12_345, 900))
        .isEqualTo("the result has 12,345 characters; only the first 900 are shown");
    assertThat(ToolTexts.fewerItems(340, 12))
        .isEqualTo("the result has 340 items; only the first 12 are shown");
  }
}
