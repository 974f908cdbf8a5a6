package io.github.alphaumi.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Figures of the published scorer on published data; see each test for how they were made. */
class StaticEvaluationTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double NOTHING = 1e-30;

  @TempDir Path folder;

  @Test
  void should_build_the_published_samples() throws IOException {
    List<StaticSample> samples = samples();

    assertThat(samples).hasSize(1547);
    assertThat(anchor(samples, StaticSample::history))
        .isEqualTo("7edef6970e5eb852336975193570a692bfb8ad9313968c04524a7a9de2615f04");
    assertThat(anchor(samples, StaticSample::reference))
        .isEqualTo("b8fb595eecb1ba548f888f6b7494cae31f5dee6e1b53cc4709924871525d3612");
    assertThat(anchor(samples, sample -> Published.document(sample.tools())))
        .isEqualTo("1cc153326b247e735f7766eca72e1e20047e50f04f5681f1f589bde64f38a67f");
    assertThat(anchor(samples, sample -> String.join(", ", names(sample))))
        .isEqualTo("7d2c3ab8e898979dac7a9d54442c7661cc58a780723605e13899b55fd4b3847c");
  }

  /** Expected by the published scorer on the same file. */
  @Test
  void should_score_a_prediction_file_as_published() throws IOException {
    Path out = folder.resolve("metrics.json");

    Cli cli =
        Cli.run(
            new EvaluateCommand(),
            "static",
            "--as-published",
            "--predictions",
            Shared.path("data/toolbench/predictions_sample.json.gz"),
            "--out",
            out);

    assertThat(cli.exit()).as(cli.err()).isZero();
    JsonNode expected =
        JSON.readTree(Shared.path("data/toolbench/predictions_sample.metrics.json").toFile());
    JsonNode actual = JSON.readTree(out.toFile());
    assertThat(actual.fieldNames()).toIterable().containsExactlyElementsOf(expected::fieldNames);
    expected
        .properties()
        .forEach(
            field ->
                assertThat(actual.get(field.getKey()).asDouble())
                    .as(field.getKey())
                    .isEqualTo(field.getValue().asDouble(), within(1e-12)));
  }

  @Test
  void should_give_gold_predictions_everything() throws IOException {
    assertMetrics(score(StaticSample::reference), 0.9999999949999971, 1, 1, 1, 1, 1, 0);
  }

  @Test
  void should_score_always_giving_up_as_published() throws IOException {
    assertMetrics(
        score(sample -> "T Next: give up."),
        0.0034013605272108843,
        0.0691661279896574,
        0,
        NOTHING,
        NOTHING,
        NOTHING,
        0);
  }

  @Test
  void should_score_always_calling_nothing_as_published() throws IOException {
    assertMetrics(
        score(sample -> "T Next: caller.</s>caller: none"),
        0.0034013605272108843,
        0.7407886231415644,
        0,
        NOTHING,
        NOTHING,
        NOTHING,
        0);
  }

  @Test
  void should_score_always_calling_the_first_tool_as_published() throws IOException {
    assertMetrics(
        score(sample -> call("T Next: caller.", names(sample).get(0), "{}")),
        0.0034013605272108843,
        0.7407886231415644,
        0.26352530541012215,
        0.12719751809720786,
        NOTHING,
        0.10732984293193717,
        0);
  }

  @Test
  void should_score_always_concluding_as_published() throws IOException {
    assertMetrics(
        score(sample -> "T Next: conclusion.</s>conclusion: none"),
        0.0034013605272108843,
        0.19004524886877827,
        0,
        NOTHING,
        NOTHING,
        NOTHING,
        0);
  }

  @Test
  void should_score_invented_tools_as_published() throws IOException {
    assertMetrics(
        score(
            sample -> {
              PublishedStep gold = PublishedStep.read(sample.reference());
              return gold.plan().equals("call")
                  ? call(gold.thought(), "invented_tool", String.valueOf(gold.arguments()))
                  : sample.reference();
            }),
        0.9999999949999971,
        1,
        0,
        NOTHING,
        NOTHING,
        NOTHING,
        0.7407886231415644);
  }

  @Test
  void should_put_honest_figures_beside_the_published_ones() throws IOException {
    HonestMetrics metrics = new HonestMetrics();
    for (StaticSample sample : samples()) {
      metrics.add(prediction(sample, sample.reference()));
    }

    Map<String, Object> result = metrics.result(200, 7);

    for (String name : List.of("decisions", "toolNames", "callsExact", "argumentF1", "rougeL")) {
      assertThat((Map<?, ?>) result.get(name)).as(name).extracting("value").isEqualTo(1.0);
    }
    assertThat((Map<?, ?>) result.get("majorityBaseline"))
        .extracting("value")
        .isEqualTo(1146.0 / 1547);
    assertThat(result).extractingByKey("attribution").asString().doesNotContain("wrong");
    assertThat(metrics.result(200, 7)).isEqualTo(result);
  }

  @Test
  void should_ask_a_model_for_all_steps_that_a_run_can_be_in() throws IOException {
    Path file = Shared.path("data/toolbench/out_of_domain.json.gz");
    List<StaticInference.Asked> asked = new ArrayList<>();
    PrintWriter out = new PrintWriter(System.out, true);

    Records.read(
        file,
        new Console(out, out, false),
        (index, record) ->
            asked.addAll(StaticInference.Asked.of(asked.size(), Conversation.read(record))));

    // One record goes on after a conclusion, and concludes again.
    assertThat(asked).hasSize(1546);
    assertThat(asked)
        .allMatch(
            step ->
                JoinedStep.read(step.sample().reference())
                    .decision()
                    .equals(JoinedStep.name(step.step().decision())));
  }

  private List<StaticSample> samples() throws IOException {
    Path file = Shared.path("data/toolbench/out_of_domain.json.gz");
    List<StaticSample> samples = new ArrayList<>();
    PrintWriter out = new PrintWriter(System.out, true);
    long skipped =
        Records.read(
            file,
            new Console(out, out, false),
            (index, record) -> samples.addAll(StaticSample.of(Conversation.read(record))));
    assertThat(skipped).isZero();
    return samples;
  }

  private Map<String, Object> score(Function<StaticSample, String> policy) throws IOException {
    PublishedMetrics metrics = new PublishedMetrics();
    samples().forEach(sample -> metrics.add(prediction(sample, policy.apply(sample))));
    return metrics.result();
  }

  private static Prediction prediction(StaticSample sample, String predicted) {
    return new Prediction(
        StepForm.ROLES, names(sample), sample.instruction(), sample.reference(), predicted);
  }

  private static List<String> names(StaticSample sample) {
    try {
      return ToolRecord.names(sample.tools());
    } catch (BadRecordException e) {
      throw new AssertionError(e);
    }
  }

  private static String call(String plan, String name, String arguments) {
    return plan + "</s>caller: Action: " + name + "\nAction Input: " + arguments;
  }

  private static void assertMetrics(Map<String, Object> metrics, double... expected) {
    assertThat(metrics.keySet())
        .containsExactly("rouge", "plan_em", "action_em", "easy_f1", "hard_f1", "f1", "hallu_rate");
    int i = 0;
    for (Map.Entry<String, Object> metric : metrics.entrySet()) {
      assertThat((Double) metric.getValue())
          .as(metric.getKey())
          .isEqualTo(expected[i++], within(1e-12));
    }
  }

  private static String anchor(List<StaticSample> samples, Function<StaticSample, String> value) {
    MessageDigest digest = Hashes.sha256();
    for (StaticSample sample : samples) {
      digest.update(value.apply(sample).getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
    }
    return Hashes.hex(digest);
  }
}
