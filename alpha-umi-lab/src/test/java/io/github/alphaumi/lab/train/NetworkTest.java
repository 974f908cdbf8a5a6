package io.github.alphaumi.lab.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.alphaumi.onnx.ModelWeights;
import io.github.alphaumi.onnx.OnnxModel;
import io.github.alphaumi.onnx.TokenScore;
import io.github.alphaumi.onnx.WeightFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The network against the engine, against itself without packs, and against differences. */
class NetworkTest {
  private static final LoraOptions ADAPTER = lora(false);

  @TempDir Path folder;

  @BeforeAll
  static void load() {
    Natives.load(1);
    Natives.ofThisThread(1);
  }

  private static LoraOptions lora(boolean shared) {
    return new LoraOptions(3, 6, null, List.of(Projection.values()), shared, 1);
  }

  private Path model(String family) throws IOException {
    return family.equals("llama") ? TinyCheckpoint.llama(folder) : TinyCheckpoint.qwen2(folder);
  }

  private Trainable full(Path model) {
    try (ModelWeights file = ModelWeights.open(model)) {
      return new FullWeights(model, new ModelParameters(file, model), Precision.FP32);
    }
  }

  /** An adapter whose B is not 0, so that all of it has gradients. */
  private Trainable adapter(Path model, LoraOptions options) {
    try (ModelWeights file = ModelWeights.open(model)) {
      LoraAdapter adapter =
          new LoraAdapter(model, new ModelParameters(file, model), options, Precision.FP32, 5);
      Random random = new Random(6);
      float[] values = Tensors.floats(adapter.values());
      for (int i = 0; i < values.length; i++) {
        values[i] += (float) (0.1 * random.nextGaussian());
      }
      Tensors.put(adapter.values(), 0, values);
      adapter.apply();
      return adapter;
    }
  }

  private static Network network(Trainable trainable) {
    return new Network(trainable.weights(), false, 0);
  }

  private static float[] gradients(Network network, Trainable trainable, Pack... packs) {
    Tensor sums = Tensors.zeros(trainable.values().numel());
    Gradients gradients = trainable.gradients(sums);
    for (Pack pack : packs) {
      network.learn(pack, gradients);
    }
    return Tensors.floats(sums);
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama", "qwen2"})
  void the_network_predicts_what_the_engine_predicts(String family) throws IOException {
    Path model = model(family);
    Pack pack = TinyPacks.of(1, 60);

    float[] logits = network(full(model)).logits(pack);

    try (OnnxModel engine =
        OnnxModel.builder(model)
            .format(WeightFormat.FP32)
            .cacheDirectory(folder.resolve("cache"))
            .build()) {
      assertSame(engine.score(pack.tokens(), null), logits, pack.tokens());
    }
  }

  static void assertSame(List<TokenScore> engine, float[] logits, int[] tokens) {
    for (int i = 0; i + 1 < tokens.length; i++) {
      int row = i * TinyCheckpoint.VOCABULARY;
      double sum = 0;
      for (int k = 0; k < TinyCheckpoint.VOCABULARY; k++) {
        sum += Math.exp(logits[row + k]);
      }
      assertThat(logits[row + tokens[i + 1]] - Math.log(sum))
          .isCloseTo(engine.get(i).logProbability(), within(1e-4));
    }
  }

  @Test
  void branches_do_not_see_each_other() throws IOException {
    Pack pack = TinyPacks.of(2, 9, 12, 7, 14);
    Network network = network(adapter(model("llama"), ADAPTER));

    float[] together = network.logits(pack);

    int[] from = {9, 21, 28};
    for (int branch = 1; branch <= 3; branch++) {
      float[] alone = network.logits(TinyPacks.alone(pack, branch));
      int start = from[branch - 1] * TinyCheckpoint.VOCABULARY;
      int length = alone.length - 9 * TinyCheckpoint.VOCABULARY;
      assertThat(Arrays.copyOfRange(together, start, start + length))
          .containsExactly(
              Arrays.copyOfRange(alone, 9 * TinyCheckpoint.VOCABULARY, alone.length),
              within(1e-4f));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"adapter", "adapter with shared inputs", "full"})
  void a_pack_has_the_gradients_of_its_branches(String kind) throws IOException {
    Pack pack = TinyPacks.of(3, 8, 13, 6, 10);
    Path model = model("llama");
    Trainable trainable =
        kind.equals("full") ? full(model) : adapter(model, lora(kind.contains("shared")));
    Network network = network(trainable);

    float[] together = gradients(network, trainable, pack);
    float[] alone =
        gradients(
            network,
            trainable,
            TinyPacks.alone(pack, 1),
            TinyPacks.alone(pack, 2),
            TinyPacks.alone(pack, 3));

    assertThat(together).containsExactly(alone, within(2e-3f));
  }

  @ParameterizedTest
  @ValueSource(strings = {"adapter", "adapter with shared inputs", "full llama", "full qwen2"})
  void gradients_are_those_of_differences(String kind) throws IOException {
    Path model = model(kind.endsWith("qwen2") ? "qwen2" : "llama");
    Trainable trainable =
        kind.startsWith("full") ? full(model) : adapter(model, lora(kind.contains("shared")));
    Network network = network(trainable);
    Pack pack = TinyPacks.of(4, 5, 9, 11);
    float[] gradients = gradients(network, trainable, pack);

    // Along random directions every value takes part in every check.
    Random random = new Random(8);
    float[] values = Tensors.floats(trainable.values());
    for (int check = 0; check < 8; check++) {
      float[] direction = new float[values.length];
      double expected = 0;
      for (int i = 0; i < direction.length; i++) {
        direction[i] = random.nextBoolean() ? 1 : -1;
        expected += (double) direction[i] * gradients[i];
      }
      float step = 1e-4f;
      double difference =
          (loss(network, trainable, pack, values, direction, step)
                  - loss(network, trainable, pack, values, direction, -step))
              / (2 * step);
      assertThat(difference).isCloseTo(expected, within(0.02 * Math.max(20, Math.abs(expected))));
    }
  }

  private static double loss(
      Network network,
      Trainable trainable,
      Pack pack,
      float[] values,
      float[] direction,
      float step) {
    float[] moved = values.clone();
    for (int i = 0; i < moved.length; i++) {
      moved[i] += step * direction[i];
    }
    Tensors.put(trainable.values(), 0, moved);
    trainable.apply();
    Tensor ignored = Tensors.zeros(values.length);
    double loss = network.learn(pack, trainable.gradients(ignored));
    Tensors.put(trainable.values(), 0, values);
    trainable.apply();
    return loss;
  }

  @Test
  void computing_layers_again_changes_nothing() throws IOException {
    Trainable trainable = adapter(model("llama"), ADAPTER);
    Pack pack = TinyPacks.of(5, 8, 13, 6);

    assertThat(gradients(new Network(trainable.weights(), true, 0), trainable, pack))
        .containsExactly(gradients(network(trainable), trainable, pack));
  }

  @Test
  void adapters_of_upper_layers_have_the_same_gradients() throws IOException {
    Path model = model("llama");
    LoraOptions upper = new LoraOptions(3, 6, List.of(1), List.of(Projection.VALUE), false, 1);
    Trainable trainable = adapter(model, upper);
    Pack pack = TinyPacks.of(6, 8, 13);
    Network network = network(trainable);

    float[] gradients = gradients(network, trainable, pack);

    assertThat(gradients).hasSize(3 * (TinyCheckpoint.HIDDEN + 16));
    float[] values = Tensors.floats(trainable.values());
    float[] direction = new float[values.length];
    Arrays.fill(direction, 1);
    double difference =
        (loss(network, trainable, pack, values, direction, 1e-3f)
                - loss(network, trainable, pack, values, direction, -1e-3f))
            / 2e-3;
    double sum = 0;
    for (float gradient : gradients) {
      sum += gradient;
    }
    assertThat(difference).isCloseTo(sum, within(0.02 * Math.max(1, Math.abs(sum))));
  }

  @Test
  void a_head_of_all_tokens_is_the_whole_head() throws IOException {
    Trainable trainable = adapter(model("llama"), ADAPTER);
    Pack pack = TinyPacks.of(7, 8, 13, 6);

    assertThat(
            gradients(
                new Network(trainable.weights(), false, TinyCheckpoint.VOCABULARY),
                trainable,
                pack))
        .containsExactly(gradients(network(trainable), trainable, pack), within(1e-4f));
  }

  @Test
  void half_precision_is_close() throws IOException {
    Path model = model("llama");
    Pack pack = TinyPacks.of(9, 20);
    try (ModelWeights file = ModelWeights.open(model)) {
      Trainable shortened =
          new FullWeights(model, new ModelParameters(file, model), Precision.BF16);

      float[] logits = network(shortened).logits(pack);

      float[] exact = network(full(model)).logits(pack);
      assertThat(logits).containsExactly(exact, within(0.5f)).isNotEqualTo(exact);
    }
  }

  @Test
  void a_pack_that_does_not_fit_the_model_is_refused() throws IOException {
    Network network = network(full(model("llama")));
    Pack foreign =
        new Pack(new int[] {TinyCheckpoint.VOCABULARY}, new int[1], new int[1], List.of());
    Pack far = new Pack(new int[1], new int[] {256}, new int[1], List.of());
    Pack first =
        new Pack(
            new int[3],
            new int[] {0, 1, 2},
            new int[] {0, 1, 1},
            List.of(new Pack.Turn("planner", 1, 2, 1, 1)));

    assertThatThrownBy(() -> network.logits(foreign))
        .hasMessageContaining("the token 48, but the model's vocabulary ends at 48");
    assertThatThrownBy(() -> network.logits(far))
        .hasMessageContaining("the position 256, but the model ends at 256");
    assertThatThrownBy(() -> network.logits(first)).hasMessageContaining("first of its branch");
  }
}
