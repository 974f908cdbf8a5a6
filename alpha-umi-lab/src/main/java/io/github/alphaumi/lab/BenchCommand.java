package io.github.alphaumi.lab;

import io.github.alphaumi.core.PromptFormat;
import io.github.alphaumi.onnx.OnnxModel;
import io.github.alphaumi.onnx.WeightFormat;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures how fast a model is read, written and started here, and how much memory it takes. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description =
        "Measure a model on this machine. Every figure is the median of several rounds, in which"
            + " the kinds of measurement take turns.")
final class BenchCommand extends LabCommand {
  private static final double MEGABYTE = 1e6;

  /** What can be measured. */
  enum Part {
    PREFILL_DECODE,
    BATCH,
    REPLAY,
    MEMORY,
    START
  }

  @Parameters(
      paramLabel = "MODEL",
      description =
          "A Hugging Face folder, a .gguf file, or a folder of role models: with adapter/ or"
              + " adapters/{planner,caller,summarizer}/ in it.")
  private Path model;

  @Option(
      names = "--adapter",
      paramLabel = "FOLDER",
      description = "A LoRA adapter that plays all roles, instead of those in MODEL.")
  private @Nullable Path adapter;

  @Option(
      names = "--format",
      description = "Weights in memory: ${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
  private WeightFormat format = WeightFormat.INT8;

  @Mixin private DeviceOption device;

  @Option(names = "--threads", paramLabel = "N", description = "Threads (all processors).")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "PART",
      description = "Parts to measure: ${COMPLETION-CANDIDATES} (all).")
  private Set<Part> parts = EnumSet.allOf(Part.class);

  @Option(
      names = "--lengths",
      split = ",",
      description = "Prompts to read, in tokens (${DEFAULT-VALUE}).",
      defaultValue = "128,512,1024")
  private List<Integer> lengths = List.of();

  @Option(
      names = "--contexts",
      split = ",",
      description = "Prompts to write after, in tokens (${DEFAULT-VALUE}).",
      defaultValue = "32,512")
  private List<Integer> contexts = List.of();

  @Option(names = "--tokens", description = "Tokens to write (${DEFAULT-VALUE}).")
  private int tokens = 64;

  @Option(
      names = "--batch",
      split = ",",
      description = "Requests at a time (${DEFAULT-VALUE}).",
      defaultValue = "1,2,4,8")
  private List<Integer> batches = List.of();

  @Option(
      names = "--replay",
      paramLabel = "FILE",
      description =
          "Recorded runs to replay instead of an agent's over a small shop: conversations, as stage"
              + " 2, 'umi data world --format conversations' and the published test sets have"
              + " them.")
  private @Nullable Path replay;

  @Option(
      names = "--replay-runs",
      paramLabel = "N",
      description = "How many of them, drawn with seed 1 (${DEFAULT-VALUE}).")
  private int replayRuns = 10;

  @Option(
      names = "--repetitions",
      paramLabel = "N",
      description = "Rounds that count, after one that does not (${DEFAULT-VALUE}).")
  private int repetitions = 3;

  @Option(
      names = "--peers",
      paramLabel = "FILE",
      description =
          "Figures of other engines, one JSON object a line as --json prints them, to compare"
              + " with. May be repeated.")
  private List<Path> peers = new ArrayList<>();

  @Option(
      names = "--json",
      description = "Print one JSON object a figure; the table goes to standard error.")
  private boolean json;

  @Override
  void work() throws IOException {
    List<BenchRow> others = BenchTable.read(peers);
    BenchSubject subject = BenchSubject.of(model, adapter, format, threads);
    List<BenchRow> rows;
    try {
      rows = measure(subject);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    if (json) {
      rows.forEach(row -> console().out().println(row.toJson()));
    }
    PrintWriter table = json ? console().err() : console().out();
    table.printf(
        "%s as %s, %d threads on %d processors, Java %s%n%n",
        model,
        format,
        threads,
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("java.version"));
    BenchTable.print(rows, others, table);
  }

  private List<BenchRow> measure(BenchSubject subject) throws IOException, InterruptedException {
    BenchPlan plan = new BenchPlan(lengths, contexts, tokens, batches, repetitions);
    List<BenchRow> rows = new ArrayList<>();
    if (parts.contains(Part.PREFILL_DECODE) || parts.contains(Part.BATCH)) {
      int slots = batches.stream().mapToInt(Integer::intValue).max().orElse(1);
      try (OnnxModel loaded = subject.load(slots, List.of())) {
        if (parts.contains(Part.PREFILL_DECODE)) {
          double bandwidth = MemoryBandwidth.measure(threads);
          rows.add(BenchRow.of("memory bandwidth, read", "GB/s", "", bandwidth));
          rows.addAll(new SpeedBench(loaded, plan).run(bandwidth));
        }
        if (parts.contains(Part.BATCH)) {
          rows.addAll(new BatchBench(loaded, plan).run());
        }
      }
    }
    if (parts.contains(Part.REPLAY) && !subject.adapters().isEmpty()) {
      ReplayBench.Runs runs =
          replay == null ? new ShopRuns() : RecordedRuns.read(replay, replayRuns, console());
      rows.addAll(new ReplayBench(subject, promptFormat(), runs, repetitions).run());
    }
    if (parts.contains(Part.MEMORY)) {
      rows.addAll(memory(subject));
    }
    if (parts.contains(Part.START)) {
      rows.add(start(subject));
    }
    return rows;
  }

  private PromptFormat promptFormat() {
    Path file = model.resolve("format.json");
    return Files.exists(file) ? PromptFormat.load(file) : PromptFormat.compact();
  }

  private List<BenchRow> memory(BenchSubject subject) throws IOException, InterruptedException {
    List<BenchRow> rows = new ArrayList<>();
    double one = BenchChild.memory(subject, 1);
    rows.add(BenchRow.of("memory of a JVM with one role", BenchRow.MEGABYTES, "", one / MEGABYTE));
    if (!subject.adapters().isEmpty()) {
      double three = BenchChild.memory(subject, 3);
      rows.add(
          BenchRow.of(
              "memory of a JVM with three roles",
              BenchRow.MEGABYTES,
              String.format(java.util.Locale.ROOT, "%.2f times that with one", three / one),
              three / MEGABYTE));
    }
    return rows;
  }

  private BenchRow start(BenchSubject subject) throws IOException, InterruptedException {
    BenchChild.start(subject);
    double[] times = new double[repetitions];
    for (int i = 0; i < repetitions; i++) {
      times[i] = BenchChild.start(subject);
    }
    return BenchRow.of(
        "start of a JVM to the first token",
        BenchRow.MILLISECONDS,
        "weights cached, prompt of 224 tokens",
        times);
  }
}
