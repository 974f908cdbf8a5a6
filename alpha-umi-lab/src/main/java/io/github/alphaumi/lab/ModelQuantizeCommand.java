package io.github.alphaumi.lab;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.onnx.OnnxModel;
import io.github.alphaumi.onnx.WeightFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes a model's weights in the form that is loaded, so that its first start is as any other. */
@Command(
    name = "quantize",
    mixinStandardHelpOptions = true,
    description = "Write a model's weights in the form that is loaded, ahead of the first load.")
final class ModelQuantizeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "MODEL", description = "A Hugging Face folder or a .gguf file.")
  private Path model;

  @Option(names = "--format", description = "${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
  private WeightFormat format = WeightFormat.INT8;

  @Option(
      names = {"--cache", "--out"},
      paramLabel = "DIR",
      description = "The folder that models are later loaded with (the user's cache folder).")
  private @Nullable Path cache;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() {
    long start = System.nanoTime();
    Path folder = cache == null ? OnnxModel.defaultCacheDirectory() : cache;
    Optional<Path> file = OnnxModel.quantize(model, format, folder);
    double seconds = (System.nanoTime() - start) / 1e9;
    long bytes = file.map(ModelQuantizeCommand::size).orElse(0L);
    if (json) {
      spec.commandLine()
          .getOut()
          .println(
              new ObjectMapper()
                  .createObjectNode()
                  .put("file", file.map(Path::toString).orElse(null))
                  .put("format", format.name().toLowerCase(Locale.ROOT))
                  .put("bytes", bytes)
                  .put("seconds", seconds));
    } else if (file.isEmpty()) {
      spec.commandLine()
          .getOut()
          .println("nothing to write: the model's files are used as they are");
    } else {
      spec.commandLine()
          .getOut()
          .printf(Locale.ROOT, "%s: %,d bytes, %.1f s%n", file.get(), bytes, seconds);
    }
    return 0;
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new AlphaUmiException(file + " is not there any more: " + e, e);
    }
  }
}
