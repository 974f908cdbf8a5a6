package io.github.alphaumi.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MaskCacheTest {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final byte[][] tokens = Vocabularies.synthetic(1200, 3);
  private final TokenTrie trie = Vocabularies.trie(tokens);

  @Test
  void should_allow_exactly_the_tokens_whose_bytes_can_be_consumed() {
    for (int seed = 0; seed < 150; seed++) {
      Random random = new Random(seed);
      JsonStyle style =
          new JsonStyle(
              JsonStyle.Order.values()[seed % 2],
              JsonStyle.Blanks.values()[seed % 3],
              seed % 5 == 0);
      check(new Grammar().json(new RandomSchemas(random).next(), style), random, "seed " + seed);
    }
  }

  @Test
  void should_agree_with_the_bytes_in_free_text_with_a_budget() {
    for (int seed = 0; seed < 40; seed++) {
      Expression root =
          new Grammar().freeTextThenOneOf(List.of("Next: caller.", "Next: give up."), 5 + seed);
      check(root, new Random(seed), "seed " + seed);
    }
  }

  @Test
  void should_serve_many_threads_at_once() {
    Expression root =
        new Grammar().json(new RandomSchemas(new Random(5)).next(), JsonStyle.LENIENT);
    MaskCache masks = new MaskCache(trie);
    IntStream.range(0, 64)
        .parallel()
        .forEach(seed -> check(root, masks, new Random(seed), "seed " + seed));
  }

  private void check(Expression root, Random random, String about) {
    check(root, new MaskCache(trie), random, about);
  }

  private void check(Expression root, MaskCache masks, Random random, String about) {
    Expression state = root;
    for (int step = 0; step < 40 && !state.mustEnd(); step++) {
      TokenMask mask = masks.mask(state);
      int count = 0;
      int chosen = -1;
      for (int i = 0; i < tokens.length; i++) {
        boolean alive = !state.next(tokens[i]).isDead();
        assertThat(mask.allows(i)).as("%s, step %s, token %s", about, step, i).isEqualTo(alive);
        count += alive ? 1 : 0;
        chosen = alive && random.nextInt(count) == 0 ? i : chosen;
      }
      assertThat(mask.count()).isEqualTo(count);
      assertThat(mask.single()).isEqualTo(count == 1 ? chosen : -1);
      state = state.next(tokens[chosen]);
    }
    assertThat(state.next(state.shortestCompletion()).accepting()).isTrue();
    assertThat(state.shortestCompletion()).hasSize(state.shortest());
  }

  /** Large subtrees of which some bytes change nothing, and some do. */
  @Test
  void should_agree_with_the_bytes_where_whole_subtrees_change_nothing() {
    byte[][] words = new byte[4000][];
    Random random = new Random(11);
    for (int i = 0; i < words.length; i++) {
      StringBuilder word = new StringBuilder(i % 3 == 0 ? " " : "");
      for (int length = 1 + random.nextInt(5); length > 0; length--) {
        word.append("abcab\"\u00e9.".charAt(random.nextInt(8)));
      }
      words[i] = word.toString().getBytes(StandardCharsets.UTF_8);
    }
    TokenTrie wordTrie = Vocabularies.trie(words);
    List<Function<Grammar, Expression>> languages =
        List.of(
            grammar -> grammar.freeTextThenOneOf(List.of("abc.", " b\"")),
            grammar -> grammar.regex("[a-c ]*(\"[^\"]*\"[ .]?){1,3}"),
            grammar -> grammar.regex("([^b\"]|b[^c])*"),
            grammar -> grammar.json(NODES.objectNode().put("type", "string"), JsonStyle.PYTHON));
    for (Function<Grammar, Expression> language : languages) {
      Expression state = language.apply(new Grammar());
      MaskCache masks = new MaskCache(wordTrie);
      for (int step = 0; step < 30 && !state.mustEnd(); step++) {
        TokenMask mask = masks.mask(state);
        for (int i = 0; i < words.length; i++) {
          assertThat(mask.allows(i))
              .as("step %s, '%s'", step, new String(words[i], StandardCharsets.UTF_8))
              .isEqualTo(!state.next(words[i]).isDead());
        }
        int value = state.first().next(random.nextInt(256));
        state = state.next(value < 0 ? state.first().next(0) : value);
      }
    }
  }

  @Test
  void should_share_one_mask_among_the_characters_of_a_bounded_string() {
    Grammar grammar = new Grammar();
    Expression root =
        grammar.seq(grammar.repeat(grammar.regex("[a-z ]"), 0, 10_000), grammar.literal("\n"));
    MaskCache masks = new MaskCache(trie);
    assertThat(masks.mask(root.next("abc".getBytes()))).isSameAs(masks.mask(root));
  }

  @Test
  void should_never_allow_a_token_without_bytes() {
    TokenTrie some = TokenTrie.of(3, i -> i == 1 ? null : i == 2 ? new byte[0] : new byte[] {'a'});
    TokenMask mask = new MaskCache(some).mask(new Grammar().freeText());
    assertThat(mask.single()).isZero();
    float[] logits = {1, 2, 3};
    mask.apply(logits);
    assertThat(logits).containsExactly(1, Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY);
  }
}
