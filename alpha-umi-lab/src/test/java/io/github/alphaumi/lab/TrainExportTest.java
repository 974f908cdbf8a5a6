package io.github.alphaumi.lab;

import static io.github.alphaumi.lab.ModelCommandsTest.good;
import static io.github.alphaumi.lab.ModelCommandsTest.umi;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.alphaumi.onnx.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code umi train export} writes, by the embedded model's tokenizer. */
class TrainExportTest {
  static final Path GGUF =
      Path.of(
          "../examples/embedded-model/src/main/resources/io/github/alphaumi/embedded/"
              + "SmolLM2-135M-Instruct.Q4_1.gguf");
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  static Path conversations(Path folder, int sets) {
    Path file = folder.resolve("conversations.jsonl");
    good(
        umi(
            "data",
            "world",
            "--format",
            "conversations",
            "--sets",
            sets,
            "--seed",
            5,
            "--out",
            file));
    return file;
  }

  private Cli export(Path in, Path out, Object... more) {
    List<Object> arguments =
        new ArrayList<>(List.of("train", "export", "--in", in, "--out-dir", out));
    arguments.addAll(List.of("--model", GGUF, "--format", "compact"));
    arguments.addAll(List.of(more));
    return umi(arguments.toArray());
  }

  private static List<JsonNode> lines(Path file) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      lines.add(JSON.readTree(line));
    }
    return lines;
  }

  private static int[] ids(JsonNode line) {
    int[] ids = new int[line.get("ids").size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = line.get("ids").get(i).asInt();
    }
    return ids;
  }

  private static Map<String, String> content(Path folder) throws IOException {
    Map<String, String> content = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        content.put(folder.relativize(file).toString(), Files.readString(file));
      }
    }
    return content;
  }

  @Test
  void should_write_all_that_a_training_needs_and_the_same_again() throws IOException {
    Path in = conversations(folder, 8);
    Cli first = good(export(in, folder.resolve("a")));
    good(export(in, folder.resolve("b")));

    Map<String, String> content = content(folder.resolve("a"));
    assertThat(content).isEqualTo(content(folder.resolve("b")));
    assertThat(content)
        .containsKeys("train.py", "run.sh", "README.md", "requirements.txt", "export.manifest.json")
        .containsKeys("data/planner.jsonl", "data/planner.held-out.jsonl")
        .containsKeys("data/backbone.jsonl", "runs/summarizer.json");
    assertThat(content.get("run.sh")).contains("for run in backbone planner caller summarizer;");
    assertThat(Files.isExecutable(folder.resolve("a/run.sh"))).isTrue();
    assertThat(first.out()).contains("planner.held-out.jsonl", "0  records skipped");
  }

  @Test
  void should_have_the_settings_of_the_paper() throws IOException {
    good(export(conversations(folder, 8), folder.resolve("a"), "--base", "meta/Llama-2-7b"));
    JsonNode backbone = JSON.readTree(folder.resolve("a/runs/backbone.json").toFile());
    assertThat(backbone.get("base").asText()).isEqualTo("meta/Llama-2-7b");
    assertThat(backbone.get("init").isNull()).isTrue();
    assertThat(backbone.get("epochs").asInt()).isEqualTo(2);
    assertThat(backbone.get("learning_rate").asDouble()).isEqualTo(5e-5);
    assertThat(backbone.get("warmup_ratio").asDouble()).isEqualTo(0.4);
    assertThat(backbone.get("weight_decay").asDouble()).isZero();
    assertThat(backbone.get("batch").asInt()).isEqualTo(48);
    assertThat(backbone.get("max_length").asInt()).isEqualTo(4096);
    JsonNode caller = JSON.readTree(folder.resolve("a/runs/caller.json").toFile());
    assertThat(caller.get("init").asText()).isEqualTo("models/backbone");
    assertThat(caller.get("train").get(0).asText()).isEqualTo("data/caller.jsonl");
    assertThat(caller.get("epochs").asInt()).isEqualTo(1);
    assertThat(caller.get("learning_rate").asDouble()).isEqualTo(1e-5);
    assertThat(caller.get("warmup_ratio").asDouble()).isEqualTo(0.2);
    assertThat(caller.get("weight_decay").asDouble()).isEqualTo(0.01);
    JsonNode summarizer = JSON.readTree(folder.resolve("a/runs/summarizer.json").toFile());
    assertThat(summarizer.get("epochs").asInt()).isEqualTo(2);
    assertThat(summarizer.get("warmup_ratio").asDouble()).isEqualTo(0.4);
  }

  @Test
  void should_learn_exactly_the_turns_of_each_role() throws IOException {
    Path in = conversations(folder, 8);
    Path roles = folder.resolve("roles");
    good(umi("data", "roles", "--in", in, "--out-dir", roles, "--format", "compact"));
    good(export(in, folder.resolve("a"), "--held-out", 0));
    int compared = 0;
    try (Tokenizer tokenizer = Tokenizer.load(GGUF)) {
      for (String role : ExportedSamples.ROLES) {
        JsonNode expected = JSON.readTree(roles.resolve("train_" + role + ".json").toFile());
        List<JsonNode> lines = lines(folder.resolve("a/data/" + role + ".jsonl"));
        assertThat(lines).isNotEmpty().hasSize(expected.size());
        for (int i = 0; i < lines.size(); i++) {
          int[] ids = ids(lines.get(i));
          assertThat(lines.get(i).get("learn")).hasSize(1);
          int from = lines.get(i).get("learn").get(0).get(0).asInt();
          int to = lines.get(i).get("learn").get(0).get(1).asInt();
          assertThat(to).isEqualTo(ids.length);
          assertThat(tokenizer.decode(Arrays.copyOf(ids, from)))
              .isEqualTo(expected.get(i).get("input").asText());
          assertThat(tokenizer.decode(Arrays.copyOfRange(ids, from, to)))
              .isEqualTo(expected.get(i).get("target").asText() + "<|im_end|>");
          compared++;
        }
      }
    }
    assertThat(compared).isGreaterThan(100);
  }

  @Test
  void should_make_the_same_of_conversations_role_files_and_chat_lines() throws IOException {
    Path in = conversations(folder, 8);
    Path roles = folder.resolve("roles");
    good(umi("data", "roles", "--in", in, "--out-dir", roles, "--format", "compact"));
    Path spans = folder.resolve("planner-spans.jsonl");
    Path chat = folder.resolve("planner-chat.jsonl");
    Path planner = roles.resolve("train_planner.json");
    good(umi("data", "chat", "--in", planner, "--out", spans, "--spans"));
    good(umi("data", "chat", "--in", planner, "--out", chat));
    good(export(in, folder.resolve("a"), "--held-out", 10));
    good(export(roles, folder.resolve("b"), "--held-out", 10));
    for (String role : ExportedSamples.ROLES) {
      for (boolean held : List.of(true, false)) {
        String file = "data/" + ExportedSamples.fileName(role, held);
        assertThat(folder.resolve("b/" + file))
            .hasSameTextualContentAs(folder.resolve("a/" + file));
      }
    }
    good(export(in, folder.resolve("c"), "--held-out", 0));
    Path whole = folder.resolve("c/data/planner.jsonl");
    for (Path form : List.of(spans, chat)) {
      Path out = folder.resolve(form.getFileName() + ".out");
      Cli cli = export(form, out, "--held-out", 0, "--recipe", "one_stage");
      // The planner's samples alone are no data for the caller.
      assertThat(cli.exit()).isEqualTo(1);
      assertThat(cli.err()).contains("has nothing to learn for the run 'caller'");
      assertThat(out.resolve("data/planner.jsonl")).hasSameTextualContentAs(whole);
    }
  }

  @Test
  void should_hold_out_whole_tasks() throws IOException {
    good(export(conversations(folder, 20), folder.resolve("a"), "--held-out", 30));
    try (Tokenizer tokenizer = Tokenizer.load(GGUF)) {
      List<String> learnt = tasks(tokenizer, "");
      List<String> held = tasks(tokenizer, ".held-out");
      assertThat(learnt).isNotEmpty();
      assertThat(held).isNotEmpty().doesNotContainAnyElementsOf(learnt);
    }
  }

  private List<String> tasks(Tokenizer tokenizer, String part) throws IOException {
    List<String> tasks = new ArrayList<>();
    for (String role : ExportedSamples.ROLES) {
      for (JsonNode line : lines(folder.resolve("a/data/" + role + part + ".jsonl"))) {
        String text = tokenizer.decode(ids(line));
        int from = text.indexOf("<|im_start|>user\n");
        tasks.add(text.substring(from, text.indexOf("<|im_end|>", from)));
      }
    }
    return tasks;
  }

  @Test
  void should_leave_out_or_cut_what_is_too_long_and_say_so() throws IOException {
    Path in = conversations(folder, 12);
    Cli out = good(export(in, folder.resolve("out"), "--max-length", 400));
    Cli cut = good(export(in, folder.resolve("cut"), "--max-length", 400, "--too-long", "cut"));
    good(export(in, folder.resolve("all")));
    assertThat(out.out()).contains("planner: left out, too long");
    assertThat(cut.out()).contains("planner: cut at the beginning, too long");
    String file = "data/planner.jsonl";
    List<JsonNode> all = lines(folder.resolve("all").resolve(file));
    List<JsonNode> fits = lines(folder.resolve("out").resolve(file));
    assertThat(fits)
        .containsExactlyElementsOf(all.stream().filter(l -> l.get("ids").size() <= 400).toList())
        .hasSizeLessThan(all.size());
    List<JsonNode> ends = lines(folder.resolve("cut").resolve(file));
    assertThat(ends).hasSize(all.size());
    for (int i = 0; i < ends.size(); i++) {
      int[] end = ids(ends.get(i));
      int[] whole = ids(all.get(i));
      assertThat(end)
          .isEqualTo(
              Arrays.copyOfRange(whole, whole.length - Math.min(400, whole.length), whole.length));
      JsonNode span = ends.get(i).get("learn").get(0);
      assertThat(span.get(1).asInt()).isEqualTo(end.length);
      JsonNode before = all.get(i).get("learn").get(0);
      assertThat(span.get(1).asInt() - span.get(0).asInt())
          .isEqualTo(before.get(1).asInt() - before.get(0).asInt());
    }
  }

  @Test
  void should_give_each_task_to_one_stage_without_reuse() throws IOException {
    good(
        export(conversations(folder, 20), folder.resolve("a"), "--held-out", 0, "--without-reuse"));
    try (Tokenizer tokenizer = Tokenizer.load(GGUF)) {
      List<String> stages = new ArrayList<>();
      for (String role : List.of("backbone", "planner")) {
        for (JsonNode line : lines(folder.resolve("a/data/" + role + ".jsonl"))) {
          String text = tokenizer.decode(ids(line));
          int from = text.indexOf("<|im_start|>user\n");
          stages.add(role + text.substring(from, text.indexOf("<|im_end|>", from)));
        }
      }
      assertThat(stages).anyMatch(task -> task.startsWith("backbone"));
      for (String task : stages) {
        if (task.startsWith("planner")) {
          assertThat(stages).doesNotContain("backbone" + task.substring("planner".length()));
        }
      }
    }
  }

  @Test
  void should_write_the_runs_of_the_ablations() throws IOException {
    Path in = conversations(folder, 8);
    good(export(in, folder.resolve("multi"), "--recipe", "multi_task", "--lora", 4));
    JsonNode roles = JSON.readTree(folder.resolve("multi/runs/roles.json").toFile());
    assertThat(roles.get("train")).hasSize(3);
    assertThat(roles.get("lora").get("r").asInt()).isEqualTo(4);
    assertThat(folder.resolve("multi/runs/backbone.json")).doesNotExist();
    good(export(in, folder.resolve("stage"), "--recipe", "one_stage"));
    JsonNode planner = JSON.readTree(folder.resolve("stage/runs/planner.json").toFile());
    assertThat(planner.get("init").isNull()).isTrue();
  }

  @Test
  void should_name_what_is_wrong_with_the_input() throws IOException {
    Path in = conversations(folder, 2);
    Path odd =
        Files.writeString(
            folder.resolve("odd.jsonl"), "{\"input\": \"a\", \"target\": \"b\"}\n{}\n");
    Path sets = folder.resolve("sets.jsonl");
    good(umi("data", "world", "--sets", 1, "--out", sets));

    assertThat(export(odd, folder.resolve("odd")).err())
        .contains("odd.jsonl, record 0: a role sample in a file whose name does not tell the role")
        .contains("nothing to learn for the run 'backbone'");
    assertThat(export(sets, folder.resolve("sets")).err())
        .contains("a set of the tool world; write it by data world --format conversations");
    assertThat(export(in, folder.resolve("x"), "--max-length", 0).err())
        .contains("--max-length 0 must be at least 1");
    assertThat(export(in, folder.resolve("x"), "--held-out", 51).err())
        .contains("--held-out 51 is no percentage from 0 to 50");
    assertThat(export(in, folder.resolve("x"), "--too-long", "keep").err())
        .contains("--too-long keep is neither leave-out nor cut");
    assertThat(export(in, folder.resolve("x"), "--lora", -1).err()).contains("--lora -1");
    assertThat(
            umi("train", "export", "--in", in, "--out-dir", "x", "--model", "tokenizer.json").err())
        .contains("say what the script loads by --base NAME");
    assertThat(folder.resolve("x")).doesNotExist();
    good(export(in, folder.resolve("twice"), "--held-out", 0));
    assertThat(export(in, folder.resolve("twice"), "--held-out", 0).err())
        .contains("exists; delete it");
  }
}
