package io.github.alphaumi.lab.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.alphaumi.onnx.ModelWeights;
import io.github.alphaumi.onnx.OnnxModel;
import io.github.alphaumi.onnx.WeightFormat;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole trainings of tiny models. */
class TrainerTest {
  private static final String ADAPTER = "\"lora\": {\"rank\": 4, \"alpha\": 8}";

  @TempDir Path folder;
  private Path model;

  @BeforeEach
  void makeModel() throws IOException {
    model = TinyCheckpoint.llama(folder.resolve("base"));
  }

  /** What a training told. */
  static class Heard implements TrainingListener {
    final List<TrainingStep> steps = new ArrayList<>();
    final List<Evaluation> evaluations = new ArrayList<>();

    @Override
    public void updated(TrainingStep step) {
      steps.add(step);
    }

    @Override
    public void evaluated(Evaluation evaluation) {
      evaluations.add(evaluation);
    }
  }

  static TrainingOptions options(String members) throws IOException {
    return TrainingOptions.of(
        new ObjectMapper()
            .readTree(
                "{\"tokens\": 4000, \"tokensPerUpdate\": 100, \"learningRate\": 0.02,"
                    + " \"finalLearningRate\": 0.001, \"workers\": 2, \"checkpointEvery\": 700,"
                    + " \"evaluateEvery\": 2000"
                    + (members.isEmpty() ? "" : ", " + members)
                    + "}"));
  }

  /** Four packs again and again, which can be learnt by heart. */
  static TrainingData data() {
    Packs packs = index -> TinyPacks.of(index % 4, 10, 14, 12);
    return new TrainingData(packs, packs, 4, "four packs");
  }

  private Path train(Path output, String members, TrainingListener listener) throws IOException {
    return new Trainer(model, null, options(members), data(), output, listener).run();
  }

  @Test
  void an_adapter_learns_by_heart_and_the_engine_computes_as_the_trainer() throws IOException {
    Heard heard = new Heard();

    Path result = train(folder.resolve("out"), ADAPTER + ", \"tokens\": 12000", heard);

    Evaluation first = heard.evaluations.get(0);
    Evaluation last = heard.evaluations.get(heard.evaluations.size() - 1);
    assertThat(first.tokens()).isZero();
    assertThat(last.tokens()).isGreaterThanOrEqualTo(12000);
    assertThat(last.loss()).isLessThan(first.loss() / 4);
    assertThat(last.roles().get("planner").turns()).isEqualTo(8);
    assertThat(last.roles().get("planner").exact())
        .isGreaterThan(first.roles().get("planner").exact());
    assertThat(heard.steps.get(heard.steps.size() - 1).left()).isZero();

    int[] tokens = TinyPacks.of(1, 40).tokens();
    float[] logits;
    try (ModelWeights file = ModelWeights.open(model)) {
      LoraAdapter adapter =
          new LoraAdapter(
              model,
              new ModelParameters(file, model),
              new LoraOptions(4, 8, null, LoraOptions.DEFAULTS.targets(), false, 1),
              Precision.FP32,
              77);
      adapter.read(result);
      adapter.apply();
      logits = new Network(adapter.weights(), false, 0).logits(TinyPacks.of(1, 40));
    }
    try (OnnxModel engine =
        OnnxModel.builder(model)
            .format(WeightFormat.FP32)
            .cacheDirectory(folder.resolve("cache"))
            .adapter("trained", result)
            .build()) {
      NetworkTest.assertSame(engine.score(tokens, "trained"), logits, tokens);
    }
  }

  /** After one update: A has no gradient yet, and B goes as far as its rate says. */
  @Test
  void the_rate_of_b_may_be_a_multiple() throws IOException {
    String one = ADAPTER + ", \"tokens\": 1, \"finalLearningRate\": 0.02";
    String four = one.replace("\"rank\"", "\"rateRatio\": 4, \"rank\"");
    assertThat(four).isNotEqualTo(one);
    Map<String, ModelWeights.Tensor> slow =
        ModelWeights.adapter(train(folder.resolve("one"), one, new Heard()));
    Map<String, ModelWeights.Tensor> fast =
        ModelWeights.adapter(train(folder.resolve("four"), four, new Heard()));

    slow.forEach(
        (name, tensor) -> {
          float factor = name.contains("lora_B") ? 4 : 1;
          float[] expected = tensor.values().clone();
          for (int i = 0; i < expected.length; i++) {
            expected[i] *= factor;
          }
          assertThat(fast.get(name).values()).as(name).containsExactly(expected, within(1e-6f));
        });
    assertThat(slow.get("base_model.model.model.layers.0.mlp.up_proj.lora_B.weight").values())
        .contains(new float[] {0.02f}, within(1e-4f));
  }

  @Test
  void the_average_of_adapters_lies_between_them() throws IOException {
    Path first = train(folder.resolve("first"), ADAPTER + ", \"tokens\": 1", new Heard());
    Path second =
        new Trainer(
                model,
                first,
                options(ADAPTER + ", \"tokens\": 800"),
                data(),
                folder.resolve("second"),
                new Heard())
            .run();
    Path out = folder.resolve("average");

    AdapterAverage.write(List.of(first, second), out);

    Map<String, ModelWeights.Tensor> a = ModelWeights.adapter(first);
    Map<String, ModelWeights.Tensor> b = ModelWeights.adapter(second);
    Map<String, ModelWeights.Tensor> mean = ModelWeights.adapter(out);
    assertThat(mean.keySet()).isEqualTo(a.keySet());
    mean.forEach(
        (name, tensor) -> {
          float[] expected = new float[tensor.values().length];
          for (int i = 0; i < expected.length; i++) {
            expected[i] = (a.get(name).values()[i] + b.get(name).values()[i]) / 2;
          }
          assertThat(tensor.shape()).isEqualTo(a.get(name).shape());
          assertThat(tensor.values()).as(name).containsExactly(expected, within(1e-3f));
        });
    assertThatThrownBy(() -> AdapterAverage.write(List.of(first, second), out))
        .hasMessageContaining("is there already");
    Path other =
        train(
            folder.resolve("other"),
            "\"lora\": {\"rank\": 2, \"alpha\": 8}, \"tokens\": 1",
            new Heard());
    assertThatThrownBy(
            () -> AdapterAverage.write(List.of(first, other), folder.resolve("impossible")))
        .hasMessageContaining(first.toString())
        .hasMessageContaining("different rank");
    assertThat(folder.resolve("impossible")).doesNotExist();
  }

  @Test
  void an_adapter_with_shared_inputs_is_an_ordinary_one() throws IOException {
    String shared = "\"lora\": {\"rank\": 4, \"alpha\": 8, \"sharedInputs\": true}";
    Path result = train(folder.resolve("shared"), shared, new Heard());

    assertThat(ModelWeights.adapter(result)).hasSize(2 * 7 * TinyCheckpoint.LAYERS);
    try (OnnxModel engine =
        OnnxModel.builder(model)
            .format(WeightFormat.FP32)
            .cacheDirectory(folder.resolve("cache"))
            .adapter("trained", result)
            .build()) {
      int[] tokens = TinyPacks.of(1, 40).tokens();
      assertThat(engine.score(tokens, "trained")).isNotEqualTo(engine.score(tokens, null));
    }
    // And can be trained further as such.
    Path further = folder.resolve("further");
    Heard heard = new Heard();
    new Trainer(model, result, options(shared), data(), further, heard).run();
    assertThat(heard.evaluations.get(0).loss()).isLessThan(3);
  }

  @Test
  void full_weights_become_a_model_for_the_engine() throws IOException {
    Heard heard = new Heard();
    Path result =
        train(
            folder.resolve("full"),
            "\"lora\": null, \"learningRate\": 0.005, \"weightDecay\": 0.01",
            heard);

    double first = heard.evaluations.get(0).loss();
    assertThat(heard.evaluations.get(heard.evaluations.size() - 1).loss()).isLessThan(first / 4);
    Pack pack = TinyPacks.of(1, 40);
    float[] logits;
    try (ModelWeights file = ModelWeights.open(result)) {
      FullWeights weights =
          new FullWeights(result, new ModelParameters(file, result), Precision.FP32);
      logits = new Network(weights.weights(), false, 0).logits(pack);
    }
    try (OnnxModel engine =
        OnnxModel.builder(result)
            .format(WeightFormat.FP32)
            .cacheDirectory(folder.resolve("cache"))
            .build()) {
      NetworkTest.assertSame(engine.score(pack.tokens(), null), logits, pack.tokens());
    }
  }

  /** A training in a process of its own, which says when it made an update. */
  public static final class Child {
    private Child() {}

    public static void main(String[] arguments) throws IOException {
      Heard heard =
          new Heard() {
            @Override
            public void updated(TrainingStep step) {
              System.out.println("update " + step.step());
            }
          };
      new Trainer(
              Path.of(arguments[0]),
              null,
              options(arguments[2]),
              data(),
              Path.of(arguments[1]),
              heard)
          .run();
    }
  }

  private Process child(Path output) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx200m",
            "-cp",
            System.getProperty("java.class.path"),
            Child.class.getName(),
            model.toString(),
            output.toString(),
            ADAPTER)
        .redirectErrorStream(true)
        .start();
  }

  @Test
  void a_killed_training_goes_on_to_the_very_same_bytes() throws Exception {
    Path whole = folder.resolve("whole");
    train(whole, ADAPTER, new Heard());

    Path killed = folder.resolve("killed");
    Process process = child(killed);
    StringBuilder said = new StringBuilder();
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String line = output.readLine();
      while (line != null && !line.equals("update 18")) {
        said.append(line).append('\n');
        line = output.readLine();
      }
      assertThat(line).as(said.toString()).isNotNull();
      process.destroyForcibly().waitFor();
    }
    assertThat(killed.resolve(Trainer.CHECKPOINT)).exists();
    Heard rest = new Heard();
    train(killed, ADAPTER, rest);

    assertThat(rest.steps.get(0).step()).isBetween(2L, 30L);
    for (String file : List.of(LoraAdapter.TENSORS, LoraAdapter.CONFIG)) {
      assertThat(killed.resolve(Trainer.RESULT).resolve(file))
          .hasSameBinaryContentAs(whole.resolve(Trainer.RESULT).resolve(file));
    }
    assertThat(losses(killed)).isEqualTo(losses(whole)).isNotEmpty();

    Heard nothing = new Heard();
    train(killed, ADAPTER, nothing);
    assertThat(nothing.steps).isEmpty();
  }

  private static List<String> losses(Path output) throws IOException {
    ObjectMapper json = new ObjectMapper();
    List<String> losses = new ArrayList<>();
    for (String line : Files.readAllLines(output.resolve(Trainer.LOG))) {
      losses.add(json.readTree(line).get("tokens") + " " + json.readTree(line).get("loss"));
    }
    return losses;
  }

  @Test
  void a_training_does_not_go_on_as_another_one() throws IOException {
    Path output = folder.resolve("out");
    train(output, ADAPTER, new Heard());

    assertThatThrownBy(() -> train(output, ADAPTER + ", \"learningRate\": 0.01", new Heard()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("was started with learningRate 0.02, this one has 0.01");
    TrainingData other = new TrainingData(data().training(), data().held(), 4, "other packs");
    assertThatThrownBy(
            () -> new Trainer(model, null, options(ADAPTER), other, output, new Heard()).run())
        .hasMessageContaining("was started with data \"four packs\", this one has \"other packs\"");
    Path base = TinyCheckpoint.qwen2(folder.resolve("other"));
    assertThatThrownBy(
            () -> new Trainer(base, null, options(ADAPTER), data(), output, new Heard()).run())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("base (SHA-256)");
    Files.write(output.resolve(Trainer.CHECKPOINT), new byte[] {1, 2});
    assertThatThrownBy(() -> train(output, ADAPTER, new Heard()))
        .hasMessageContaining("delete it to start anew");
  }

  @Test
  void what_does_not_fit_is_refused() throws IOException {
    Path output = folder.resolve("out");
    assertThatThrownBy(() -> train(output, "\"lora\": {\"rank\": 33}", new Heard()))
        .hasMessage("lora.rank is 33; it is at most 32 for this model");
    assertThatThrownBy(() -> train(output, "\"lora\": {\"layers\": [2]}", new Heard()))
        .hasMessage("lora.layers is [2]; it is numbers from 0 to 1");
    assertThatThrownBy(
            () ->
                new Trainer(
                        folder.resolve("nothing"),
                        null,
                        options(ADAPTER),
                        data(),
                        output,
                        new Heard())
                    .run())
        .hasMessageContaining("does not exist");
    Path config = model.resolve("config.json");
    Files.writeString(config, Files.readString(config).replace("llama", "phi3"));
    assertThatThrownBy(() -> train(output, ADAPTER, new Heard()))
        .hasMessageContaining("is of the family phi3; trained here are llama, mistral, qwen2");
  }

  @Test
  void an_adapter_of_another_form_is_no_start() throws IOException {
    Path start = train(folder.resolve("start"), ADAPTER, new Heard());

    assertThatThrownBy(
            () ->
                new Trainer(
                        model,
                        start,
                        options("\"lora\": {\"rank\": 2, \"alpha\": 4}"),
                        data(),
                        folder.resolve("out"),
                        new Heard())
                    .run())
        .hasMessageContaining("has rank 4 and alpha 8.0, the options have 2 and 4.0");
  }

  @Test
  void data_without_turns_are_refused() throws IOException {
    Packs empty = index -> new Pack(new int[1], new int[1], new int[1], List.of());

    assertThatThrownBy(
            () ->
                new Trainer(
                        model,
                        null,
                        options(ADAPTER),
                        new TrainingData(empty, empty, 0, "nothing"),
                        folder.resolve("out"),
                        new Heard())
                    .run())
        .hasMessageContaining("have no turn to learn");
  }

  @Test
  void a_pack_that_does_not_fit_ends_the_training() throws IOException {
    Packs packs =
        index ->
            index == 40
                ? new Pack(
                    new int[] {1, -1, 2},
                    new int[] {0, 1, 2},
                    new int[3],
                    List.of(new Pack.Turn("planner", 1, 3, 1, 1)))
                : data().training().at(index);

    assertThatThrownBy(
            () ->
                new Trainer(
                        model,
                        null,
                        options(ADAPTER),
                        new TrainingData(packs, packs, 0, "one bad pack"),
                        folder.resolve("out"),
                        new Heard())
                    .run())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a pack has the token -1");
  }

  @Test
  void two_trainings_do_not_write_to_one_folder() throws IOException {
    Path output = folder.resolve("out");
    TrainingListener again =
        new Heard() {
          @Override
          public void evaluated(Evaluation evaluation) {
            assertThatThrownBy(() -> train(output, ADAPTER, new Heard()))
                .hasMessageContaining("another training writes to");
          }
        };

    train(output, ADAPTER, again);
  }

  /** {@link Natives#load} in a process of its own. */
  public static final class Loading {
    private Loading() {}

    public static void main(String[] arguments) {
      try {
        Natives.load(1);
        System.out.println("loaded");
      } catch (IllegalStateException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {".*bytedeco.*", ".*bytedeco.*-x86_64.*|.*bytedeco.*-arm64.*"})
  void missing_natives_are_an_error_with_a_remedy(String missing) throws IOException {
    String classPath =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !entry.matches(missing))
            .collect(Collectors.joining(File.pathSeparator));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPath,
                Loading.class.getName())
            .redirectErrorStream(true)
            .start();

    assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .startsWith("no PyTorch natives for ")
        .contains("keep the folder lib beside umi.jar");
  }

  @Test
  void the_curve_is_a_picture_of_the_log() throws IOException {
    Path output = folder.resolve("out");
    train(output, ADAPTER, new Heard());

    assertThat(output.resolve(Trainer.CURVE))
        .content()
        .startsWith("<svg ")
        .contains("training, smoothed", "held out", "planner, exact", "caller, decisive part")
        .doesNotContain("NaN");
  }
}
