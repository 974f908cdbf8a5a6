package io.github.alphaumi.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.alphaumi.core.PythonJson;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.launcher.JavaModuleOptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The data commands on Apache Spark, called as users call them: by spark-submit's main class, in a
 * process of its own, with an installation that is a folder of Spark's jars and with the commands
 * in one jar. {@code local-cluster} starts a master, workers and executors in processes of their
 * own.
 */
class SparkTest {
  private static final int ANSWERS = 60;

  private static final Path INSTALLATION = Path.of("target/spark-home").toAbsolutePath();

  private static Path umi = Path.of("");

  @TempDir private Path folder;

  @BeforeAll
  static void install() throws IOException {
    Path jars = Files.createDirectories(INSTALLATION.resolve("jars"));
    try (Stream<Path> old = Files.list(jars)) {
      for (Path link : old.toList()) {
        Files.delete(link);
      }
    }
    umi = INSTALLATION.resolve("umi.jar");
    Set<String> names = new HashSet<>();
    try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(umi))) {
      for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
        Path path = Path.of(entry).toAbsolutePath();
        if (Files.isDirectory(path)) {
          if (!path.endsWith("test-classes")) {
            add(path, jar, names);
          }
        } else if (Files.exists(path)) {
          Path link = jars.resolve(path.getFileName().toString());
          if (!Files.exists(link)) {
            Files.createSymbolicLink(link, path);
          }
        }
      }
    }
  }

  private static void add(Path classes, JarOutputStream jar, Set<String> names) throws IOException {
    try (Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        String name = classes.relativize(file).toString().replace(File.separatorChar, '/');
        if (names.add(name)) {
          jar.putNextEntry(new JarEntry(name));
          Files.copy(file, jar);
        }
      }
    }
  }

  @Test
  void should_write_what_one_process_writes_from_answers_to_roles() throws Exception {
    Map<String, String> alone = pipeline("alone", "");
    Map<String, String> spark = pipeline("spark", "local[2]");

    assertThat(spark.keySet()).isEqualTo(alone.keySet()).hasSizeGreaterThan(11);
    alone.forEach((name, text) -> assertThat(spark.get(name)).as(name).isEqualTo(text));
  }

  @Test
  void should_write_the_same_with_executors_in_processes_of_their_own() throws Exception {
    writeAnswers();
    run("", "stage1", "--answers", "answers", "--out", "one.json", "--as-published");
    run("", "stage2", "--in", "one.json", "--out", "two.json", "--as-published");
    run("", "roles", "--in", "two.json", "--out-dir", "alone", "--as-published");

    run(
        "local-cluster[2,1,700]",
        "roles",
        "--in",
        "two.json",
        "--out-dir",
        "cluster",
        "--as-published",
        "--checkpoint-megabytes",
        "0");

    Map<String, String> alone = contents("alone");
    assertThat(contents("cluster")).isEqualTo(alone).hasSize(8);
  }

  @Test
  void should_go_on_with_the_parts_that_a_killed_run_left() throws Exception {
    writeAnswers();
    run("", "stage1", "--answers", "answers", "--out", "alone.json");
    List<String> command = List.of("stage1", "--answers", "answers", "--out", "spark.json");
    // A folder at the output's place lets the first run fail when all parts are written.
    Path obstacle = Files.createDirectories(folder.resolve("spark.json.part/full"));

    assertThat(start("local[2]", command)).contains("spark.json.part").contains("exit 1");
    List<Path> parts = files("spark.json.parts-");
    assertThat(parts).hasSize(1);
    Files.delete(obstacle);
    Files.delete(obstacle.getParent());
    Path done;
    try (Stream<Path> members = Files.list(parts.get(0))) {
      done = members.filter(p -> p.toString().endsWith(".done")).sorted().findFirst().orElseThrow();
    }
    Files.delete(done);

    assertThat(start("local[2]", command)).contains("going on with the parts in");
    assertThat(folder.resolve("spark.json")).hasSameBinaryContentAs(folder.resolve("alone.json"));
    assertThat(files("spark.json.parts-")).isEmpty();
  }

  @Test
  void should_report_bad_input_as_one_process_does() throws Exception {
    Files.writeString(
        folder.resolve("in.jsonl"),
        "{\"tools\": []}\n{\"n\": \n\n5\n{\"tools\": [], \"instruction\": \"x\", \"chains\": []}\n");
    Path packed = folder.resolve("packed.json.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      for (int i = 0; i < 50; i++) {
        out.write(("{\"tools\": " + i * 7919 + "}\n").getBytes(StandardCharsets.UTF_8));
      }
    }
    byte[] whole = Files.readAllBytes(packed);
    Files.write(packed, Arrays.copyOf(whole, whole.length - 20));
    run("", "stage2", "--in", "in.jsonl", "packed.json.gz", "--out", "alone/out.jsonl");

    run("local[2]", "stage2", "--in", "in.jsonl", "packed.json.gz", "--out", "spark/out.jsonl");

    assertThat(contents("spark")).isEqualTo(contents("alone")).hasSize(2);
    assertThat(contents("alone").toString()).contains("cannot be unpacked", "in.jsonl, record 1");
    assertThat(start("local[2]", List.of("stage2", "--in", "in.jsonl", "--out", "alone/out.jsonl")))
        .contains("exists; delete it or choose another name")
        .contains("exit 1");
  }

  /** Every command, with one record or file a task; names and contents of all that is written. */
  private Map<String, String> pipeline(String name, String master) throws Exception {
    Path top = folder;
    folder = Files.createDirectory(top.resolve(name));
    writeAnswers();
    List<String> small = List.of("--checkpoint-megabytes", "0");
    run(master, small, "stage1", "--answers", "answers", "--out", "out/stage1.json");
    run(master, small, "stage2", "--in", "out/stage1.json", "--out", "out/stage2.json");
    run(master, small, "roles", "--in", "out/stage2.json", "--out-dir", "out/roles");
    Map<String, String> contents = contents("out");
    folder = top;
    return contents;
  }

  private void run(String master, Object... command) throws Exception {
    run(master, List.of(), command);
  }

  private void run(String master, List<String> more, Object... command) throws Exception {
    List<String> arguments = new ArrayList<>();
    for (Object part : command) {
      arguments.add(String.valueOf(part));
    }
    arguments.addAll(more);
    String output = start(master, arguments);
    assertThat(output).contains("exit 0");
  }

  /**
   * @param master empty for no Spark
   * @return what was printed, and the exit code
   */
  private String start(String master, List<String> command) throws Exception {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(Arrays.asList(JavaModuleOptions.defaultModuleOptionArray()));
    line.addAll(List.of("-Xmx512m", "-XX:TieredStopAtLevel=1"));
    if (master.isEmpty()) {
      line.addAll(List.of("-cp", umi + File.pathSeparator + INSTALLATION.resolve("jars") + "/*"));
      line.add(Umi.class.getName());
    } else {
      line.addAll(List.of("-cp", INSTALLATION.resolve("jars") + "/*"));
      line.add("org.apache.spark.deploy.SparkSubmit");
      line.addAll(List.of("--master", master, "--class", Umi.class.getName()));
      line.addAll(List.of("--conf", "spark.executor.memory=600m"));
      line.add(umi.toString());
    }
    line.add("data");
    line.addAll(command);
    if (!master.isEmpty()) {
      line.addAll(List.of("--spark", master));
    }
    ProcessBuilder builder =
        new ProcessBuilder(line).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().put("SPARK_HOME", INSTALLATION.toString());
    // As an installation's scripts set it.
    builder.environment().put("SPARK_SCALA_VERSION", "2.13");
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return output + "\nexit " + process.waitFor();
  }

  private List<Path> files(String beginning) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.getFileName().toString().startsWith(beginning)).toList();
    }
  }

  private Map<String, String> contents(String root) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder.resolve(root))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        contents.put(
            folder.resolve(root).relativize(file).toString(),
            Files.readString(file).replace(root + "/", "root/"));
      }
    }
    return contents;
  }

  /** Answers of many lengths, some of them bad, some of which give up. */
  private void writeAnswers() throws IOException {
    Random random = new Random(7);
    Path answers = Files.createDirectories(folder.resolve("answers/G1_answer"));
    for (int i = 0; i < ANSWERS; i++) {
      List<Object> messages = new ArrayList<>();
      messages.add(Map.of("role", "system", "content", "s"));
      messages.add(Map.of("role", "user", "content", "u"));
      for (int step = random.nextInt(4); step > 0; step--) {
        messages.add(call("Step " + step + ".", "weather", "{\"city\": \"Oslo " + i + "\"}"));
        messages.add(
            Map.of(
                "role", "function", "content", "{\"error\": \"\", \"response\": \"ä" + i + "\"}"));
      }
      messages.add(
          call(
              "Done.",
              "Finish",
              random.nextInt(3) == 0
                  ? "{\"return_type\": \"give_up_and_restart\"}"
                  : "{\"return_type\": \"give_answer\", \"final_answer\": \"It is " + i + ".\"}"));
      Map<String, Object> generation = new LinkedHashMap<>();
      generation.put("query", "How warm is it in Oslo " + i + "?");
      generation.put("function", List.of(weather()));
      generation.put("train_messages", List.of(messages));
      String text = PythonJson.writeAscii(Map.of("win", true, "answer_generation", generation));
      Files.writeString(
          answers.resolve(String.format("%03d_model_DFS.json", i)),
          i % 10 == 9 ? text.substring(0, text.length() / 2) : text);
    }
  }

  private static Map<String, Object> weather() {
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("type", "object");
    parameters.put(
        "properties", Map.of("city", Map.of("type", "string", "description", "the city")));
    parameters.put("required", List.of("city"));
    Map<String, Object> tool = new LinkedHashMap<>();
    tool.put("name", "weather");
    tool.put("description", "The weather");
    tool.put("parameters", parameters);
    return tool;
  }

  private static Map<String, Object> call(String thought, String name, String arguments) {
    Map<String, Object> function = new LinkedHashMap<>();
    function.put("name", name);
    function.put("arguments", arguments);
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("role", "assistant");
    message.put("content", thought);
    message.put("function_call", function);
    return message;
  }
}
