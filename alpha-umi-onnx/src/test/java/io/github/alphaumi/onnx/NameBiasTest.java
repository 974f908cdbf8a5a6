package io.github.alphaumi.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.alphaumi.core.Constraint;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Over a vocabulary of whole texts, each of which is one token. */
class NameBiasTest {
  private static final List<String> VOCABULARY =
      List.of(
          "Call",
          " get",
          "Price",
          "_all",
          " find",
          "Horse",
          " for",
          ".",
          "First. Call",
          " Call",
          "The",
          " geese",
          "\u00fc",
          " gr\u00fcn");
  private static final Constraint.EndsWith PLAN =
      new Constraint.EndsWith(
          List.of("Next: caller."),
          "Call ",
          List.of("getPrice", "get_all", "get", "findHorse", "gr\u00fcn"));

  private static NameBias bias() {
    return new NameBias(
        PLAN,
        Map.of("getPrice", 1.0, "get_all", 3.0, "findHorse", 2.0, "grün", 0.5),
        id -> VOCABULARY.get(id).getBytes(StandardCharsets.UTF_8));
  }

  /** What a token's logit is raised by after these. */
  private float raised(String token, String... written) {
    NameBias bias = bias();
    Arrays.stream(written).mapToInt(VOCABULARY::indexOf).forEach(bias::read);
    float[] logits = new float[VOCABULARY.size()];
    bias.apply(logits);
    return logits[VOCABULARY.indexOf(token)];
  }

  @Test
  void should_raise_a_name_by_its_share_over_all_of_its_tokens() {
    // 3 is the most that any name has, and what is lost on the way to another one.
    assertThat(raised(" get", "Call")).isEqualTo(0);
    assertThat(raised(" find", "Call")).isEqualTo(-1);
    assertThat(raised(" gr\u00fcn", "Call")).isEqualTo(-2.5f);
    assertThat(raised("Price", "Call", " get")).isEqualTo(-2);
    assertThat(raised("_all", "Call", " get")).isEqualTo(0);
    assertThat(raised("Horse", "Call", " find")).isEqualTo(0);
  }

  @Test
  void should_take_a_name_for_whole_at_a_character_that_is_in_none() {
    assertThat(raised(" for", "Call", " get")).isEqualTo(-3);
    assertThat(raised(".", "Call", " get")).isEqualTo(-3);
    assertThat(raised(" for", "Call", " get", "_all")).isEqualTo(0);
  }

  @Test
  void should_begin_at_every_sentence_that_names_a_tool() {
    assertThat(raised(" find", "First. Call")).isEqualTo(-1);
    assertThat(raised(" find", "Call", " get", "Price", ".", " Call")).isEqualTo(-1);
  }

  @Test
  void should_leave_everything_else_as_it_is() {
    assertThat(raised(" find")).as("at the start").isEqualTo(0);
    assertThat(raised(" find", "The")).as("in a sentence").isEqualTo(0);
    assertThat(raised(" find", "The", " Call")).as("within a sentence").isEqualTo(0);
    assertThat(raised(" find", "Call", " get", "Price", " for")).as("after it").isEqualTo(0);
  }

  @Test
  void should_leave_tokens_out_that_may_not_come() {
    NameBias bias = bias();
    bias.read(VOCABULARY.indexOf("Call"));
    float[] logits = new float[VOCABULARY.size()];
    Arrays.fill(logits, Float.NEGATIVE_INFINITY);

    bias.apply(logits);

    assertThat(logits).containsOnly(Float.NEGATIVE_INFINITY);
  }

  @Test
  void should_do_nothing_where_no_sentence_names_anything() {
    NameBias none =
        new NameBias(
            new Constraint.EndsWith(List.of("Next: caller.")),
            Map.of("getPrice", 1.0),
            id -> VOCABULARY.get(id).getBytes(StandardCharsets.UTF_8));
    none.read(0);
    float[] logits = new float[VOCABULARY.size()];

    none.apply(logits);

    assertThat(logits).containsOnly(0);
  }
}
