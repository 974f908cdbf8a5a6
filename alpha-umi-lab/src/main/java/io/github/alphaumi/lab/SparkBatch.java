package io.github.alphaumi.lab;

import io.github.alphaumi.core.AlphaUmiException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Batch} does, on Apache Spark: the same code for each record, the same outputs byte
 * for byte, and the same manifests. Inputs are cut where records end; each task writes a part of
 * each output; the parts are joined here, in the order of the inputs. Inputs and outputs have to
 * lie where all machines see them. A killed run goes on with the parts that are missing.
 */
final class SparkBatch {
  /** Stands for a state that is not known yet but is there. */
  private static final String SOME_STATE = "\0";

  private final Console console;
  private final BatchFiles files;
  private final int indent;
  private final long lotBytes;
  private final String master;

  /**
   * @param lotBytes about how much of the inputs a task reads
   * @param master as Spark names it: {@code local[4]}, {@code spark://host:7077}, {@code yarn}
   */
  SparkBatch(Console console, BatchFiles files, int indent, long lotBytes, String master) {
    this.console = console;
    this.files = files;
    this.indent = indent;
    this.lotBytes = lotBytes;
    this.master = master;
  }

  /**
   * @return what was counted
   * @throws AlphaUmiException if an output exists, an input changes while it is read, or Spark
   *     fails
   */
  Tally run(StepSource source) throws IOException {
    String work = files.begin();
    Path first = files.outputs().get(0).toAbsolutePath();
    Path folder =
        first.resolveSibling(
            first.getFileName() + ".parts-" + Hashes.of(work + lotBytes).substring(0, 16));
    if (Files.isDirectory(folder)) {
      console.err().println("going on with the parts in " + folder);
    } else {
      files.prepareOutputs();
      Files.createDirectory(folder);
    }
    Tally tally;
    try (JavaSparkContext spark = new JavaSparkContext(configuration())) {
      List<SparkPiece.Cut> cuts = cut(spark);
      List<SparkLot> lots = write(spark, source, lots(spark, source, cuts, folder));
      tally = join(cuts, lots);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    files.publish();
    delete(folder);
    return tally;
  }

  private SparkConf configuration() {
    SparkConf configuration =
        new SparkConf()
            .setAppName(files.command())
            .setMaster(master)
            .setIfMissing("spark.ui.enabled", "false");
    String[] jar = JavaSparkContext.jarOfClass(SparkBatch.class);
    if (jar.length > 0 && !configuration.contains("spark.jars")) {
      configuration.setJars(jar);
    }
    return configuration;
  }

  private List<SparkPiece.Cut> cut(JavaSparkContext spark) {
    List<String[]> inputs =
        files.inputs().stream()
            .map(input -> new String[] {input.toString(), input.toAbsolutePath().toString()})
            .toList();
    long size = lotBytes;
    return work(
        () ->
            spark
                .parallelize(new ArrayList<>(inputs), slices(spark, inputs.size()))
                .map(input -> SparkPiece.cut(input[0], input[1], size))
                .collect());
  }

  private static int slices(JavaSparkContext spark, int items) {
    return Math.max(1, Math.min(items, spark.defaultParallelism() * 8));
  }

  private List<SparkLot> lots(
      JavaSparkContext spark, StepSource source, List<SparkPiece.Cut> cuts, Path folder)
      throws IOException {
    List<SparkPiece> pieces = cuts.stream().flatMap(cut -> cut.pieces().stream()).toList();
    List<SparkLot> lots = new ArrayList<>();
    for (ArrayList<SparkPiece> lot : SparkPiece.lots(pieces, lotBytes)) {
      lots.add(
          new SparkLot(
              lots.size(),
              lot,
              folder.toString(),
              new ArrayList<>(files.outputs().stream().map(Path::toString).toList()),
              indent,
              null));
    }
    return source.open().hasState() ? withStates(spark, source, lots) : lots;
  }

  /**
   * What each lot has to remember is what the newest lot before it left behind that left anything:
   * all lots are asked for that first, as if there were something to remember already. Only until
   * the first one leaves something it takes the real beginning to tell.
   */
  private List<SparkLot> withStates(JavaSparkContext spark, StepSource source, List<SparkLot> lots)
      throws IOException {
    List<SparkLot> asked = lots.stream().map(lot -> withState(lot, SOME_STATE)).toList();
    List<String> left =
        work(
            () ->
                spark
                    .parallelize(new ArrayList<>(asked), Math.max(1, asked.size()))
                    .map(lot -> lot.stateAfter(source))
                    .collect());
    List<SparkLot> ready = new ArrayList<>();
    String state = null;
    for (int i = 0; i < lots.size(); i++) {
      SparkLot lot = withState(lots.get(i), state);
      ready.add(lot);
      if (state == null) {
        state = lot.stateAfter(source);
      } else if (!SOME_STATE.equals(left.get(i))) {
        state = left.get(i);
      }
    }
    return ready;
  }

  private static SparkLot withState(SparkLot lot, @Nullable String state) {
    return new SparkLot(
        lot.number(), lot.pieces(), lot.folder(), lot.outputs(), lot.indent(), state);
  }

  private List<SparkLot> write(JavaSparkContext spark, StepSource source, List<SparkLot> lots)
      throws IOException {
    List<SparkLot> missing = new ArrayList<>();
    for (SparkLot lot : lots) {
      if (lot.done().isEmpty()) {
        missing.add(lot);
      }
    }
    if (!missing.isEmpty()) {
      try (Progress progress =
          new Progress(console, files.command(), missing.size(), " parts", 1)) {
        spark.sc().addSparkListener(new SparkProgress(progress));
        work(
            () -> {
              spark.parallelize(missing, missing.size()).foreach(lot -> lot.write(source));
              return true;
            });
      }
    }
    return lots;
  }

  private Tally join(List<SparkPiece.Cut> cuts, List<SparkLot> lots) throws IOException {
    Tally tally = new Tally();
    for (int i = 0; i < cuts.size(); i++) {
      files.checkUnchanged(i);
      tally.read(files.inputs().get(i).toString(), files.size(i), cuts.get(i).sha256());
    }
    List<SparkLot.Note> notes = new ArrayList<>();
    for (SparkLot lot : lots) {
      Optional<SparkLot.Note> note = lot.done();
      notes.add(note.orElseThrow(() -> new IOException(lot.part(0) + " was not written")));
    }
    for (SparkLot.Note note : notes) {
      note.counts.forEach((name, count) -> tally.counts.merge(name, count, Long::sum));
      for (String report : note.skips) {
        tally.skip(report);
        Batch.reportSkip(console, tally.skipped, report);
      }
      tally.skipped += note.skipped - note.skips.size();
    }
    for (int i = 0; i < files.outputs().size(); i++) {
      try (RecordWriter writer = new RecordWriter(files.outputs().get(i), indent, 0, 0)) {
        for (SparkLot lot : lots) {
          writer.append(lot.part(i), notes.get(lot.number()).records.get(i));
        }
        writer.end();
        files.writeManifest(writer, tally);
      }
    }
    return tally;
  }

  /** A job of Spark. */
  private interface Job<T> {
    T run() throws Exception;
  }

  private <T> T work(Job<T> job) {
    try {
      return job.run();
    } catch (Exception e) {
      Throwable cause = e;
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      String first = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
      throw new AlphaUmiException("Spark at " + master + " failed: " + first, e);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> members = Files.list(folder)) {
      for (Path member : members.toList()) {
        Files.delete(member);
      }
    }
    Files.delete(folder);
  }
}
