package io.github.alphaumi.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * What a model that knows nothing writes under a constraint conforms to the schema, by the word of
 * a validator that shares no code with it. The number of walks is {@code
 * -Dalpha.umi.walks=1000000}.
 */
class GrammarWalksTest {
  private static final int WALKS_PER_SCHEMA = 10;
  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  private final byte[][] tokens = Vocabularies.synthetic(1500, 7);
  private final TokenTrie trie = Vocabularies.trie(tokens);

  @Test
  void should_write_only_what_an_independent_validator_accepts() throws JsonProcessingException {
    int walks = Integer.getInteger("alpha.umi.walks", 4000);
    JsonStyle.Order[] orders = JsonStyle.Order.values();
    JsonStyle.Blanks[] blanks = JsonStyle.Blanks.values();
    int cut = 0;
    for (int i = 0; i < walks / WALKS_PER_SCHEMA; i++) {
      Random random = new Random(i);
      ObjectNode schema = new RandomSchemas(random).next();
      JsonStyle style =
          new JsonStyle(orders[random.nextInt(2)], blanks[random.nextInt(3)], random.nextBoolean());
      Expression root = new Grammar().json(schema, style);
      MaskCache masks = new MaskCache(trie);
      Schema validator = REGISTRY.getSchema(schema);
      for (int j = 0; j < WALKS_PER_SCHEMA; j++) {
        int budget = random.nextInt(120);
        StringBuilder text = new StringBuilder();
        cut += walk(new ConstraintMatcher(root, masks), random, budget, text) ? 0 : 1;
        String about = "seed " + i + ", walk " + j + ", " + style + ", " + schema + ": " + text;
        JsonNode value = MAPPER.readTree(text.toString());
        assertThat(validator.validate(value)).as(about).isEmpty();
      }
    }
    assertThat(cut).as("walks that the budget ended").isBetween(walks / 20, walks * 19 / 20);
  }

  /** Draws tokens by chance; tells whether the text ended by itself. */
  private boolean walk(ConstraintMatcher matcher, Random random, int budget, StringBuilder text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    boolean ended = false;
    for (int step = 0; step < budget && !ended; step++) {
      ended = matcher.mustEnd() || matcher.canEnd() && random.nextInt(4) == 0;
      if (!ended) {
        int token = draw(matcher.mask(), random);
        matcher.accept(token);
        out.writeBytes(tokens[token]);
      }
    }
    if (!ended) {
      byte[] rest = matcher.shortestCompletion();
      matcher.accept(rest);
      out.writeBytes(rest);
    }
    assertThat(matcher.canEnd()).isTrue();
    text.append(out.toString(StandardCharsets.UTF_8));
    return ended;
  }

  /**
   * The best of random logits, with a liking for what closes: by mere chance a string rarely ends.
   */
  private int draw(TokenMask mask, Random random) {
    float[] logits = new float[tokens.length];
    for (int i = 0; i < logits.length; i++) {
      boolean closing = tokens[i][0] == '"' || tokens[i][0] == '}' || tokens[i][0] == ']';
      logits[i] = random.nextFloat() + (closing ? 0.3f : 0);
    }
    mask.apply(logits);
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      best = logits[i] > logits[best] ? i : best;
    }
    assertThat(mask.allows(best)).isTrue();
    return best;
  }
}
