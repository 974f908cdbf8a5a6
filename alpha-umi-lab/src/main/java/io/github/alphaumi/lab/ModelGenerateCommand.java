package io.github.alphaumi.lab;

import io.github.alphaumi.core.ModelUse;
import io.github.alphaumi.core.Prompt;
import io.github.alphaumi.core.Sampling;
import io.github.alphaumi.core.TextModel;
import io.github.alphaumi.core.TextRequest;
import io.github.alphaumi.core.TextResponse;
import io.github.alphaumi.onnx.OnnxModel;
import io.github.alphaumi.onnx.WeightFormat;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Continues a prompt; the text goes to standard output, the figures to standard error. */
@Command(name = "generate", mixinStandardHelpOptions = true, description = "Continue a prompt.")
final class ModelGenerateCommand implements Callable<Integer> {
  private static final String ADAPTER = "adapter";

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "MODEL", description = "A Hugging Face folder or a .gguf file.")
  private Path model;

  @Option(names = "--prompt", required = true, description = "The text to continue, as it is.")
  private String prompt = "";

  @Option(names = "--max-tokens", paramLabel = "N", description = "At most (${DEFAULT-VALUE}).")
  private int maxTokens = 128;

  @Option(names = "--adapter", paramLabel = "FOLDER", description = "A LoRA adapter (PEFT).")
  private @Nullable Path adapter;

  @Option(
      names = "--format",
      description = "Weights in memory: ${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
  private WeightFormat format = WeightFormat.INT8;

  @Option(names = "--temperature", description = "0 is greedy (${DEFAULT-VALUE}).")
  private double temperature;

  @Option(names = "--seed", description = "The same seed gives the same text.")
  private long seed;

  @Option(names = "--stop", description = "Ends the text. May be repeated.")
  private List<String> stops = List.of();

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    OnnxModel.Builder builder = OnnxModel.builder(model).format(format);
    if (adapter != null) {
      builder.adapter(ADAPTER, adapter);
    }
    try (OnnxModel loaded = builder.build()) {
      TextModel writer = adapter == null ? loaded : loaded.adapter(ADAPTER);
      TextResponse response =
          writer.complete(
              TextRequest.builder(Prompt.of(prompt))
                  .maxTokens(maxTokens)
                  .stops(stops)
                  .sampling(
                      temperature == 0
                          ? Sampling.greedy()
                          : Sampling.temperature(temperature, seed))
                  .onText(
                      text -> {
                        out.print(text);
                        out.flush();
                      })
                  .build());
      out.println();
      ModelUse use = response.use();
      spec.commandLine()
          .getErr()
          .printf(
              "%s; read %d tokens at %.0f a second, wrote %d at %.0f a second%n",
              response.finish(),
              use.inputTokens(),
              rate(use.inputTokens(), use.prefill()),
              use.outputTokens(),
              rate(use.outputTokens(), use.decode()));
    }
    return 0;
  }

  private static double rate(int tokens, Duration time) {
    return time.isZero() ? 0 : tokens * 1e9 / time.toNanos();
  }
}
