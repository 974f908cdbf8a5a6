package io.github.alphaumi.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.alphaumi.core.Agent;
import io.github.alphaumi.core.Toolbox;
import io.github.alphaumi.onnx.ModelWeights;
import io.github.alphaumi.onnx.OnnxModel;
import io.github.alphaumi.onnx.OnnxRoles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code umi train glpft} on a model of random weights. */
class TrainGlpftCommandTest {
  private static final String STAGE =
      "\"lora\": {\"rank\": 2, \"alpha\": 4}, \"tokens\": 4000, \"tokensPerUpdate\": 2000,"
          + " \"workers\": 1, \"checkpointEvery\": 4000, \"evaluateEvery\": 4000";

  @TempDir private static Path folder;

  @BeforeAll
  static void data() {
    TinyLlama.write(folder.resolve("base"));
    TrainingData.world(folder.resolve("train.jsonl"), "--sets", 3);
    TrainingData.world(folder.resolve("held.jsonl"), "--sets", 1, "--split", "held-out");
  }

  private static Path config(String name, String more) throws IOException {
    return Files.writeString(
        folder.resolve(name + ".json"),
        "{\"base\": \"base\", \"data\": [{\"file\": \"train.jsonl\"}], \"heldOut\": {\"file\":"
            + " \"held.jsonl\", \"records\": 1}, \"packTokens\": 3000, \"out\": \""
            + name
            + "\""
            + more
            + "}");
  }

  private static Cli train(Path config, Object... options) {
    Object[] arguments = new Object[options.length + 1];
    arguments[0] = config;
    System.arraycopy(options, 0, arguments, 1, options.length);
    return Cli.run(new TrainGlpftCommand(), arguments);
  }

  private static String trained(Path config) {
    Cli run = train(config);
    assertThat(run.exit()).as(run.err()).isZero();
    return run.out();
  }

  @Test
  void should_train_a_trio_that_an_agent_loads_and_not_repeat_what_is_finished()
      throws IOException {
    Path config =
        config("trio", ", \"stage1\": {" + STAGE + "}, \"stage2\": {\"all\": {\"tokens\": 2000}}");

    String first = trained(config);

    Path model = folder.resolve("trio/model");
    byte[] planner = Files.readAllBytes(adapter(model, "planner"));
    assertThat(planner)
        .isNotEqualTo(Files.readAllBytes(adapter(model, "caller")))
        .isNotEqualTo(Files.readAllBytes(adapter(model, "summarizer")));
    assertThat(first)
        .contains("turns of the planner", "times as many", "umi run --model " + model)
        .containsPattern("stage1 +planner +\\d+ of \\d+")
        .containsPattern("summarizer +summarizer +\\d+ of \\d+")
        .doesNotContainPattern("(?m)^caller +planner");
    try (OnnxRoles roles = OnnxRoles.load(model, folder.resolve("cache"))) {
      assertThat(roles.base().adapters())
          .containsExactlyInAnyOrder("planner", "caller", "summarizer");
      Agent agent = Agent.builder().roles(roles.roles()).tools(Toolbox.empty()).build();
      assertThat(agent.run("What time is it?").stopReason()).isNotNull();
    }
    Path one = folder.resolve("trio/model-one-adapter");
    assertThat(first).contains("one adapter for all roles: " + one);
    try (OnnxRoles roles = OnnxRoles.load(one, folder.resolve("cache"))) {
      assertThat(roles.base().adapters()).containsExactly("adapter");
    }
    assertThat(OnnxModel.openNatives()).isZero();

    Path mean = folder.resolve("mean");
    Object[] average = {
      adapter(model, "planner").getParent(), adapter(model, "caller").getParent(), "--out", mean
    };
    assertThat(Cli.run(new TrainAverageCommand(), average).exit()).isZero();
    assertThat(ModelWeights.adapter(mean)).isNotEmpty();
    assertThat(Cli.run(new TrainAverageCommand(), average).err()).contains("is there already");

    String second = trained(config);

    assertThat(second.split("finished before", -1)).hasSize(5);
    assertThat(Files.readAllBytes(adapter(model, "planner"))).isEqualTo(planner);
    assertThat(second).contains(first.substring(first.indexOf("stage        role")));

    Files.delete(folder.resolve("trio/planner/stage.json"));
    assertThat(trained(config)).contains(first.substring(first.indexOf("stage        role")));

    Cli other =
        train(
            config(
                "trio",
                ", \"stage1\": {" + STAGE + "}, \"stage2\": {\"all\": {\"tokens\": 2500}}"));
    assertThat(other.exit()).isEqualTo(1);
    assertThat(other.err())
        .contains("trio/planner holds a finished training of other settings or data; delete it");
  }

  private static Path adapter(Path model, String role) {
    return model.resolve("adapters").resolve(role).resolve("adapter_model.safetensors");
  }

  @Test
  void should_start_every_role_from_the_base_in_one_stage() throws IOException {
    String out =
        trained(
            config(
                "one-stage",
                ", \"method\": \"one-stage\", \"stage2\": {\"all\": {" + STAGE + "}}"));

    assertThat(folder.resolve("one-stage/stage1")).doesNotExist();
    assertThat(adapter(folder.resolve("one-stage/model"), "caller")).exists();
    assertThat(out).containsPattern("(?m)^caller +caller +\\d+ of");
  }

  @ParameterizedTest
  @CsvSource({"single,turns", "single,joined", "multi-task,turns"})
  void should_make_one_adapter_of_a_single_model(String method, String backbone)
      throws IOException {
    String name = method + "-" + backbone;
    String out =
        trained(
            config(
                name,
                String.format(
                    ", \"method\": \"%s\", \"backbone\": \"%s\", \"stage1\": {%s}",
                    method, backbone, STAGE)));

    assertThat(folder.resolve(name + "/model/adapter/adapter_model.safetensors")).exists();
    assertThat(folder.resolve(name + "/planner")).doesNotExist();
    assertThat(out)
        .containsPattern("stage1 +caller +\\d+ of")
        .contains(backbone.equals("joined") ? "umi evaluate static --backbone" : "umi run --model");
  }

  @Test
  void should_know_by_its_content_what_it_went_on_from() throws IOException {
    String method = ", \"method\": \"multi-task\", \"stage1\": {" + STAGE + "}";
    trained(config("before", method));
    Path start = Files.createDirectory(folder.resolve("start"));
    copy("adapter_config.json", folder.resolve("before/stage1/model"), start);
    copy("adapter_model.safetensors", folder.resolve("before/stage1/model"), start);
    Path further = config("further", method + ", \"start\": \"start\"");
    trained(further);
    assertThat(trained(further)).contains("finished before");

    copy("adapter_model.safetensors", folder.resolve("further/stage1/model"), start);

    assertThat(train(further).err()).contains("holds a finished training of other settings");
  }

  private static void copy(String file, Path from, Path to) throws IOException {
    Files.copy(from.resolve(file), to.resolve(file), StandardCopyOption.REPLACE_EXISTING);
  }

  @Test
  void should_write_the_prompt_format_beside_a_model_that_needs_it() throws IOException {
    trained(
        config(
            "published",
            ", \"method\": \"single\", \"format\": \"alpha-umi\", \"stage1\": {" + STAGE + "}"));

    JsonNode format =
        new ObjectMapper().readTree(folder.resolve("published/model/format.json").toFile());
    assertThat(format.get("name").asText()).isEqualTo("alpha-umi");
    assertThat(Formats.of(folder.resolve("published/model/format.json").toString()))
        .hasToString(Formats.of("alpha-umi").toString());
  }

  @Test
  void should_only_read_and_count_where_it_is_to_check() throws IOException {
    Cli run = train(config("checked", ", \"reuse\": false"), "--check");

    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("stage1, turns", "BACKBONE", "ROLES", "times as many", "held out");
    assertThat(folder.resolve("checked")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"tokns\": 1 | unknown key 'tokns'; known are [backbone, base, data,",
        "\"start\": \" \" | start is missing; it is a path",
        "\"heldOut\": {\"limit\": 3} | unknown key 'heldOut.limit'; known are [file, records, role]",
        "\"method\": \"duo\" | method: Cannot deserialize",
        "\"method\": \"single\", \"stage2\": {} | stage2 is given; it is left out",
        "\"method\": \"single\", \"reuse\": false | reuse is false; it is left out or true",
        "\"method\": \"one-stage\", \"backbone\": \"joined\" | backbone is joined; it is left out",
        "\"stage1\": {\"rate\": 1} | stage1: no such setting: rate",
        "\"stage2\": {\"caller\": {\"tokens\": -1}} | stage2.caller: tokens is -1",
        "\"stage2\": {\"backbone\": {}} | a role of stage2 is backbone; it is one of",
        "\"roleWeights\": {\"judge\": 2} | a role of roleWeights is judge; it is one of",
        "\"packTokens\": 0 | packTokens is 0; it is 1 or more",
        "\"format\": \"chatml\" | prompt format 'chatml' is neither",
        "\"packTokens\": 20 | stage 'stage1': nothing in the data that it could learn",
      })
  void should_say_what_is_wrong_with_a_configuration(String member, String problem)
      throws IOException {
    Cli run = train(config("wrong", ", " + member).resolveSibling("wrong.json"));

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err()).contains(problem).doesNotContain("\tat ");
  }

  @Test
  void should_name_the_record_that_is_no_training_data() throws IOException {
    Files.writeString(folder.resolve("broken.jsonl"), "{\"tools\": [], \"question\": \"?\"}\n");
    Path config =
        Files.writeString(
            folder.resolve("broken.json"),
            "{\"base\": \"base\", \"data\": [{\"file\": \"broken.jsonl\"}], \"out\": \"broken\"}");

    Cli run = train(config, "--check");

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err())
        .contains("broken.jsonl, record 0: it is neither a set", "there are [tools, question]");
  }
}
