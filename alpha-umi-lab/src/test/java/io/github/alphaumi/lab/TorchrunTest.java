package io.github.alphaumi.lab;

import static io.github.alphaumi.lab.ModelCommandsTest.good;
import static io.github.alphaumi.lab.ModelCommandsTest.umi;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.alphaumi.onnx.OnnxModel;
import io.github.alphaumi.onnx.TokenScore;
import io.github.alphaumi.onnx.WeightFormat;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The exported script itself, with two processes on the CPU and a tiny random model. Needs a Python
 * with PyTorch, transformers and peft: {@code -Dalpha.umi.python=PATH}.
 */
class TorchrunTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TINY =
      """
      import sys, torch
      from transformers import LlamaConfig, LlamaForCausalLM
      torch.manual_seed(1)
      LlamaForCausalLM(LlamaConfig(vocab_size=49152, hidden_size=32, intermediate_size=64,
          num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
          max_position_embeddings=4096, tie_word_embeddings=True)).save_pretrained(sys.argv[1])
      """;
  private static final String SCORE =
      """
      import sys, json, torch
      from transformers import AutoModelForCausalLM
      model = AutoModelForCausalLM.from_pretrained(sys.argv[1], dtype=torch.float32)
      if len(sys.argv) > 3:
          from peft import PeftModel
          model = PeftModel.from_pretrained(model, sys.argv[3])
      ids = [int(id) for id in sys.argv[2].split(",")]
      with torch.no_grad():
          scores = model.eval()(input_ids=torch.tensor([ids])).logits[0].double().log_softmax(-1)
      print(json.dumps([scores[i - 1, ids[i]].item() for i in range(1, len(ids))]))
      """;

  @TempDir Path folder;
  private String python = "";
  private Path base = Path.of("");

  @BeforeEach
  void makeBase() throws IOException, InterruptedException {
    String given = System.getProperty("alpha.umi.python");
    assumeThat(given)
        .as("a Python with torch, transformers and peft: -Dalpha.umi.python=PATH")
        .isNotNull();
    python = given;
    base = folder.resolve("tiny");
    run(List.of(python, "-c", TINY, base.toString()));
  }

  private Path export(Object... more) {
    Path out = folder.resolve("export");
    List<Object> arguments = new ArrayList<>(List.of("train", "export", "--out-dir", out));
    arguments.addAll(List.of("--in", TrainExportTest.conversations(folder, 10)));
    arguments.addAll(List.of("--model", TrainExportTest.GGUF, "--base", base));
    arguments.addAll(List.of("--format", "compact", "--held-out", 10));
    arguments.addAll(List.of(more));
    good(umi(arguments.toArray()));
    return out;
  }

  private ProcessBuilder process(List<String> command) {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output.txt").toFile());
    builder.environment().put("OMP_NUM_THREADS", "1");
    builder.environment().put("CUDA_VISIBLE_DEVICES", "");
    builder.environment().put("PYTHON", python);
    builder.environment().put("PROCESSES", "2");
    return builder;
  }

  private String run(List<String> command) throws IOException, InterruptedException {
    int exit = process(command).start().waitFor();
    String output = Files.readString(folder.resolve("output.txt"));
    assertThat(exit).as(output).isZero();
    return output;
  }

  /** A run's command with settings that a CPU can do. */
  private List<String> torchrun(Path export, String run, String... more) {
    List<String> command = new ArrayList<>(List.of(python, "-m", "torch.distributed.run"));
    command.addAll(List.of("--standalone", "--nproc_per_node", "2"));
    command.addAll(
        List.of(export + File.separator + "train.py", export + "/runs/" + run + ".json"));
    command.addAll(settings());
    command.addAll(List.of(more));
    return command;
  }

  private static List<String> settings() {
    List<String> settings = new ArrayList<>();
    for (String one :
        List.of(
            "bf16=false",
            "save_dtype=float32",
            "batch=8",
            "micro_batch=2",
            "learning_rate=0.01",
            "save_every=2",
            "evaluate_every=4",
            "max_updates=8")) {
      settings.addAll(List.of("--set", one));
    }
    return settings;
  }

  private static List<JsonNode> log(Path file) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
      lines.add(JSON.readTree(line));
    }
    return lines;
  }

  private static int[] sample(Path export) throws IOException {
    JsonNode line = JSON.readTree(Files.readAllLines(export.resolve("data/planner.jsonl")).get(0));
    int[] ids = new int[line.get("ids").size()];
    Arrays.setAll(ids, i -> line.get("ids").get(i).asInt());
    return ids;
  }

  private static List<Double> scores(OnnxModel model, int[] ids, String adapter) {
    return model.score(ids, adapter).stream().map(TokenScore::logProbability).toList();
  }

  private void compare(List<Double> ours, int[] ids, String... folders)
      throws IOException, InterruptedException {
    String text = Arrays.stream(ids).mapToObj(Integer::toString).collect(Collectors.joining(","));
    List<String> command = new ArrayList<>(List.of(python, "-W", "ignore", "-c", SCORE));
    command.addAll(List.of(folders[0], text));
    command.addAll(List.of(folders).subList(1, folders.length));
    String output = run(command);
    JsonNode theirs = JSON.readTree(output.substring(output.lastIndexOf("[-")));
    assertThat(ours)
        .hasSize(theirs.size())
        .hasSameSizeAs(Arrays.stream(ids).skip(1).boxed().toList());
    double largest = 0;
    for (int i = 0; i < ours.size(); i++) {
      largest = Math.max(largest, Math.abs(ours.get(i) - theirs.get(i).asDouble()));
    }
    System.out.println("largest difference of " + ours.size() + " log-probabilities: " + largest);
    assertThat(largest).isCloseTo(0, within(1e-4));
  }

  @Test
  void should_train_all_stages_and_make_models_that_our_engine_runs_alike()
      throws IOException, InterruptedException {
    Path export = export();
    List<String> command = new ArrayList<>(List.of("sh", export.resolve("run.sh").toString()));
    command.addAll(settings());
    run(command);

    List<JsonNode> log = log(export.resolve("models/backbone.log.jsonl"));
    assertThat(log).hasSize(8);
    assertThat(log.get(7).get("loss").asDouble()).isLessThan(log.get(0).get("loss").asDouble() - 1);
    assertThat(log.get(7).get("held_out_turns").asInt()).isPositive();
    // Stage 2 goes on where stage 1 was.
    assertThat(log(export.resolve("models/planner.log.jsonl")).get(0).get("loss").asDouble())
        .isLessThan(log.get(0).get("loss").asDouble() - 1);
    for (String role : List.of("planner", "caller", "summarizer")) {
      assertThat(export.resolve("models/" + role + "/model.safetensors")).exists();
    }
    Path planner = export.resolve("models/planner");
    int[] ids = sample(export);
    try (OnnxModel model =
        OnnxModel.builder(planner)
            .format(WeightFormat.FP32)
            .cacheDirectory(folder.resolve("cache"))
            .build()) {
      compare(scores(model, ids, null), ids, planner.toString());
    }
  }

  @Test
  void should_train_adapters_that_our_engine_runs_alike() throws IOException, InterruptedException {
    Path export = export("--lora", 4);
    run(torchrun(export, "backbone"));
    run(torchrun(export, "planner"));
    Path adapter = export.resolve("models/planner");
    int[] ids = sample(export);
    try (OnnxModel model =
        OnnxModel.builder(base)
            .format(WeightFormat.FP32)
            .cacheDirectory(folder.resolve("cache"))
            .adapter("planner", adapter)
            .build()) {
      compare(scores(model, ids, "planner"), ids, base.toString(), adapter.toString());
    }
  }

  @Test
  void should_go_on_after_a_kill_and_end_with_the_same_bytes()
      throws IOException, InterruptedException {
    Path export = export();
    run(torchrun(export, "backbone", "--set", "output=models/whole"));

    Path log = export.resolve("models/killed.log.jsonl");
    String[] killed = {"--set", "output=models/killed"};
    Process process = process(torchrun(export, "backbone", killed)).start();
    await()
        .atMost(Duration.ofMinutes(5))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> log(log).size() >= 3);
    List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
    process.destroyForcibly().waitFor();
    all.forEach(ProcessHandle::destroyForcibly);
    for (ProcessHandle one : all) {
      one.onExit().join();
    }
    assertThat(export.resolve("models/killed")).doesNotExist();

    String output = run(torchrun(export, "backbone", killed));
    assertThat(output).contains("going on after update ");
    assertThat(log(log)).hasSize(8);
    assertThat(log(log).get(7).get("loss"))
        .isEqualTo(log(export.resolve("models/whole.log.jsonl")).get(7).get("loss"));
    assertThat(export.resolve("models/killed/model.safetensors"))
        .hasSameBinaryContentAs(export.resolve("models/whole/model.safetensors"));
    assertThat(export.resolve("models/killed.checkpoints")).doesNotExist();
  }
}
