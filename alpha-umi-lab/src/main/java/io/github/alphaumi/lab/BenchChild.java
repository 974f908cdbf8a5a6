package io.github.alphaumi.lab;

import io.github.alphaumi.core.Prompt;
import io.github.alphaumi.core.Role;
import io.github.alphaumi.core.TextModel;
import io.github.alphaumi.onnx.Device;
import io.github.alphaumi.onnx.OnnxModel;
import io.github.alphaumi.onnx.WeightFormat;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What needs a JVM of its own to be measured; prints one number. */
final class BenchChild {
  private static final String NONE = "-";
  private static final int START_PROMPT = 224;
  private static final int MEMORY_PROMPT = 512;

  private BenchChild() {}

  /** Milliseconds from the start of a JVM to the first token after a prompt of 224 tokens. */
  static double start(BenchSubject subject) throws IOException, InterruptedException {
    return run("start", subject, 1);
  }

  /** Bytes that a JVM has in use after so many roles have written. */
  static double memory(BenchSubject subject, int roles) throws IOException, InterruptedException {
    return run("memory", subject, roles);
  }

  private static double run(String what, BenchSubject subject, int roles)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String property :
        new String[] {
          Device.PROPERTY, "alpha.umi.cache", "alpha.umi.cuda.path", "onnxruntime.native.path"
        }) {
      if (System.getProperty(property) != null) {
        command.add("-D" + property + "=" + System.getProperty(property));
      }
    }
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            BenchChild.class.getName(),
            what,
            subject.model().toString(),
            subject.format().name(),
            Integer.toString(subject.threads()),
            Integer.toString(roles)));
    for (Role role : Role.values()) {
      Path adapter = subject.adapters().get(role);
      command.add(adapter == null ? NONE : adapter.toString());
    }
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("the measurement '" + what + "' in a JVM of its own failed: " + out);
    }
    return Double.parseDouble(out.strip());
  }

  public static void main(String[] args) {
    java.util.Map<Role, Path> adapters = new java.util.EnumMap<>(Role.class);
    for (Role role : Role.values()) {
      String adapter = args[5 + role.ordinal()];
      if (!adapter.equals(NONE)) {
        adapters.put(role, Path.of(adapter));
      }
    }
    BenchSubject subject =
        new BenchSubject(
            Path.of(args[1]), adapters, WeightFormat.valueOf(args[2]), Integer.parseInt(args[3]));
    int roles = Integer.parseInt(args[4]);
    System.out.println(
        args[0].equals("start") ? sinceStart(subject, roles) : resident(subject, roles));
  }

  private static double sinceStart(BenchSubject subject, int roles) {
    long[] first = {0};
    try (OnnxModel model = subject.load(4, some(roles))) {
      writers(model)
          .get(0)
          .complete(
              TextModel.Request.builder(prompt(model, START_PROMPT, 0))
                  .maxTokens(1)
                  .onText(text -> first[0] = first[0] == 0 ? System.currentTimeMillis() : first[0])
                  .build());
    }
    long end = first[0] == 0 ? System.currentTimeMillis() : first[0];
    return end - ManagementFactory.getRuntimeMXBean().getStartTime();
  }

  private static double resident(BenchSubject subject, int roles) {
    try (OnnxModel model = subject.load(4, some(subject.oneAdapter() ? 1 : roles))) {
      List<TextModel> writers = writers(model);
      for (int i = 0; i < roles; i++) {
        // All roles of a run read the same, and each goes on from it in its own way.
        Prompt prompt = Prompt.of(prompt(model, MEMORY_PROMPT, 0).text() + " " + i);
        writers
            .get(i % writers.size())
            .complete(TextModel.Request.builder(prompt).maxTokens(16).build());
      }
      return ResidentMemory.bytes().orElse(0);
    }
  }

  private static List<Role> some(int roles) {
    return Arrays.asList(Role.values()).subList(0, roles);
  }

  private static List<TextModel> writers(OnnxModel model) {
    List<TextModel> writers = new ArrayList<>();
    model.adapters().stream().sorted().map(model::adapter).forEach(writers::add);
    return writers.isEmpty() ? List.of(model) : writers;
  }

  private static Prompt prompt(OnnxModel model, int tokens, int seed) {
    return new BenchPrompts(model.tokenizer(), seed).prompt(tokens);
  }
}
