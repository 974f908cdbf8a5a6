package io.github.alphaumi.lab;

import io.github.alphaumi.core.PromptFormat;
import io.github.alphaumi.lab.train.Glpft;
import io.github.alphaumi.lab.train.GlpftListener;
import io.github.alphaumi.lab.train.SampleFile;
import io.github.alphaumi.lab.train.SampleFiles;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code umi train glpft}. */
@Command(
    name = "glpft",
    description =
        "Trains an agent's models by GLPFT (arXiv 2401.07324): stage 1 on whole trajectories, stage"
            + " 2 a role each; or by one of the paper's ablations. Killed and started again, it goes"
            + " on where it was.",
    mixinStandardHelpOptions = true)
final class TrainGlpftCommand extends LabCommand {
  @Parameters(
      paramLabel = "CONFIG.json",
      description = "base, data and settings; alpha-umi-lab/training has examples")
  private Path config = Path.of("");

  @Option(names = "--check", description = "only read the data and say what is in them")
  private boolean check;

  @Option(names = "--seed", paramLabel = "N", description = "instead of the configuration's")
  private @Nullable Long seed;

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      description = "folder for all that is made, instead of the configuration's")
  private @Nullable Path out;

  @Option(
      names = "--packs",
      paramLabel = "FILE",
      description =
          "only write the settings and packs of the first stage, one JSON object a line, as another"
              + " training loop can read them (benchmarks/train.py)")
  private @Nullable Path packs;

  @Override
  void work() throws IOException {
    Glpft glpft = Glpft.read(config, new TrainingFiles(), seed, out);
    try (Watch watch = new Watch(console())) {
      if (packs != null) {
        glpft.writePacks(packs, watch);
      } else if (check) {
        glpft.check(watch);
      } else {
        glpft.run(watch);
      }
    }
  }

  private static final class TrainingFiles implements SampleFiles {
    @Override
    public PromptFormat format(String name) {
      return Formats.of(name);
    }

    @Override
    public SampleFile open(Path file, PromptFormat format, boolean joined, @Nullable String role)
        throws IOException {
      return TrainingFile.open(file, format, joined, role);
    }
  }

  /** Prints, and draws one progress bar after the other. */
  private static final class Watch implements GlpftListener, AutoCloseable {
    private final Console console;
    private String task = "";
    private @Nullable Progress progress;

    Watch(Console console) {
      this.console = console;
    }

    private Progress progress(String newTask, long of, String unit) {
      if (progress == null || !task.equals(newTask)) {
        close();
        task = newTask;
        progress = new Progress(console, newTask, of, unit, 1, Progress.WIDE);
      }
      return progress;
    }

    @Override
    public void reads(String file, long record, long of) {
      progress("reading " + Path.of(file).getFileName(), of, " records").at(record);
    }

    @Override
    public void trains(String stage, long tokens, long of, String says) {
      progress(stage, of, " tokens").at(tokens, says);
    }

    @Override
    public void says(String line) {
      close();
      console.out().println(line);
      console.out().flush();
    }

    @Override
    public void close() {
      if (progress != null) {
        progress.close();
        progress = null;
      }
    }
  }
}
