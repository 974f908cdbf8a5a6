package io.github.alphaumi.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.alphaumi.core.Prompt;
import io.github.alphaumi.core.TextModel;
import io.github.alphaumi.onnx.OnnxGraph.ElementType;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * SmolLM2-135M-Instruct against what transformers computes from the same file in float32; the
 * README of the fixture tells how. The weight files, 540 MB in float32, live as long as the class.
 * {@code -Dalpha.umi.parity=full} scores the whole text and all steps instead of a part of them.
 */
class SmolLm2ParityTest {
  private static final int WINDOW = 512;
  private static final boolean FULL = "full".equals(System.getProperty("alpha.umi.parity"));
  private static final int WINDOWS = FULL ? Integer.MAX_VALUE : 2;
  private static final int STEPS = FULL ? Integer.MAX_VALUE : 16;
  private static final double TOO_CLOSE_TO_TELL = 0.005;

  @TempDir static Path cache;
  private static Path file;
  private static JsonNode expected;

  @BeforeAll
  static void read() throws IOException {
    file = Shared.path("models/SmolLM2-135M-Instruct.Q4_1.gguf");
    expected = new ObjectMapper().readTree(Shared.path("fixtures/smollm2/expected.json").toFile());
  }

  @Test
  void should_cut_texts_into_the_same_tokens_and_render_chats_to_the_same_texts() {
    try (Checkpoint checkpoint = Checkpoint.open(file);
        Tokenizer tokenizer = checkpoint.tokenizer().orElseThrow()) {
      ChatTemplate template = ChatTemplate.parse(checkpoint.chatTemplate().orElseThrow());
      int chats = 0;
      for (JsonNode prompt : expected.get("prompts")) {
        String text = prompt.get("text").asText();
        assertThat(tokenizer.encode(text)).as(text).isEqualTo(ints(prompt.get("ids")));
        if (prompt.path("messages").isArray()) {
          Map<String, Object> variables = new HashMap<>();
          variables.put(
              "messages", new ObjectMapper().convertValue(prompt.get("messages"), List.class));
          variables.put("add_generation_prompt", true);
          assertThat(template.render(variables)).isEqualTo(text);
          chats++;
        }
      }
      assertThat(chats).isPositive();
    }
  }

  @Test
  void should_compute_what_transformers_computes_in_float32() throws IOException {
    try (Engine engine = new Engine(WeightFormat.FP32)) {
      for (JsonNode prompt : expected.get("prompts")) {
        float[] logits = engine.logits(ints(prompt.get("ids")), 0);
        for (JsonNode top : prompt.get("top20")) {
          assertThat((double) logits[top.get(0).asInt()])
              .as("%s: logit of token %s", prompt.get("name"), top.get(0))
              .isCloseTo(top.get(1).asDouble(), within(2e-3));
        }
        checkGreedy(engine, prompt, logits);
      }
      assertThat(engine.nllDifference()).isCloseTo(0, within(1e-4));
    }
  }

  private static void checkGreedy(Engine engine, JsonNode prompt, float[] afterPrompt) {
    float[] logits = afterPrompt;
    int past = prompt.get("ids").size();
    for (int step = 0; step < Math.min(STEPS, prompt.get("greedy").size()); step++) {
      if (prompt.get("gaps").get(step).asDouble() < TOO_CLOSE_TO_TELL) {
        return;
      }
      int token = Parity.argmax(FloatBuffer.wrap(logits));
      assertThat(token)
          .as("%s: step %d", prompt.get("name"), step)
          .isEqualTo(prompt.get("greedy").get(step).asInt());
      logits = engine.logits(new int[] {token}, past++);
    }
  }

  @Test
  void should_lose_next_to_nothing_with_8_bit_weights() throws IOException {
    try (Engine engine = new Engine(WeightFormat.INT8)) {
      int equal = 0;
      int all = 0;
      for (JsonNode prompt : expected.get("prompts")) {
        float[] logits = engine.logits(ints(prompt.get("ids")), 0);
        int past = prompt.get("ids").size();
        for (JsonNode token : prompt.get("greedy")) {
          all++;
          equal += Parity.argmax(FloatBuffer.wrap(logits)) == token.asInt() ? 1 : 0;
          logits = engine.logits(new int[] {token.asInt()}, past++);
        }
      }
      assertThat((double) equal / all).as("equal tokens").isGreaterThanOrEqualTo(0.98);
      assertThat(engine.nllDifference()).isCloseTo(0, within(0.005));
    }
  }

  @Test
  void should_give_the_turns_of_an_adapter_token_for_token() throws IOException {
    Path folder = Shared.path("models/interim-adapter");
    JsonNode turns = new ObjectMapper().readTree(folder.resolve("expected.json").toFile());
    try (OnnxModel model =
        OnnxModel.builder(file)
            .format(WeightFormat.FP32)
            .cacheDirectory(cache)
            .adapter("interim", folder)
            .build()) {
      for (JsonNode turn : turns) {
        Prompt prompt = Prompt.of(turn.get("prompt").asText());
        TextModel.Response response =
            model.adapter("interim").complete(TextModel.Request.builder(prompt).build());
        int[] tokens = ints(turn.get("tokens"));
        int[] text = Arrays.copyOf(tokens, tokens.length - 1);
        assertThat(response.text())
            .isEqualTo(turn.get("text").asText())
            .isEqualTo(model.tokenizer().decode(text));
        assertThat(response.use().outputTokens()).isEqualTo(text.length);
      }
      assertThat(turns).hasSize(22);
    }
  }

  private static int[] ints(JsonNode array) {
    return Parity.ints(array);
  }

  /** The model without what stands around it, so that every logit can be seen. */
  private static final class Engine implements AutoCloseable {
    private final Checkpoint checkpoint = Checkpoint.open(file);
    private final Decoder decoder;
    private final KvCache keys;

    Engine(WeightFormat format) {
      WeightLayout layout = WeightLayout.of(checkpoint, format, ElementType.FLOAT, cache);
      WeightFolder weights = WeightFolder.of(checkpoint, layout, cache);
      byte[] graph = DecoderGraph.write(checkpoint, layout, weights, 1024, false);
      int threads = Runtime.getRuntime().availableProcessors();
      decoder =
          new Decoder(checkpoint.config(), graph, weights.path(), threads, 1, 0, Device.cpu());
      keys = decoder.newCache(1, 1024);
    }

    float[] logits(int[] ids, int past) {
      float[] logits = new float[checkpoint.config().vocabularySize()];
      decoder.run(ids, past, keys, 0, null).get(0, logits);
      return logits;
    }

    /** How far the mean over the scored tokens is from the reference's over the same ones. */
    double nllDifference() throws IOException {
      JsonNode nll = expected.get("nll");
      int[] ids;
      try (Tokenizer tokenizer = checkpoint.tokenizer().orElseThrow()) {
        ids = tokenizer.encode(Files.readString(Shared.path("fixtures/smollm2/text.txt")));
      }
      assertThat(ids).hasSize(nll.get("tokens").asInt());
      int windows = Math.min(WINDOWS, nll.get("window_nll_sums").size());
      double difference = 0;
      int scored = 0;
      for (int window = 0; window < windows; window++) {
        int from = window * WINDOW;
        int[] part = Arrays.copyOfRange(ids, from, Math.min(ids.length, from + WINDOW));
        float[][] logits = decoder.runAll(part, 0, keys, 0, null);
        for (int i = 1; i < part.length; i++) {
          difference -= Parity.logProbability(logits[i - 1], part[i]);
          scored++;
        }
        difference -= nll.get("window_nll_sums").get(window).asDouble();
      }
      return difference / scored;
    }

    @Override
    public void close() {
      keys.close();
      decoder.close();
      checkpoint.close();
    }
  }
}
