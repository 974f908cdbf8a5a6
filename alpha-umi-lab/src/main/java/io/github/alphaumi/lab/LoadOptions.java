package io.github.alphaumi.lab;

import io.github.alphaumi.onnx.OnnxModel;
import io.github.alphaumi.onnx.WeightFormat;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which model a command loads, and how. */
final class LoadOptions {
  private static final String ADAPTER = "adapter";

  @Parameters(paramLabel = "MODEL", description = "A Hugging Face folder or a .gguf file.")
  private Path model;

  @Option(names = "--adapter", paramLabel = "FOLDER", description = "A LoRA adapter (PEFT).")
  private @Nullable Path adapter;

  @Option(
      names = "--format",
      description = "Weights in memory: ${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
  private WeightFormat format = WeightFormat.INT8;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads for one computation (all processors).")
  private @Nullable Integer threads;

  @Option(
      names = "--cache",
      paramLabel = "DIR",
      description = "Where weights are kept in the form that is loaded (the user's cache folder).")
  private @Nullable Path cache;

  Path model() {
    return model;
  }

  WeightFormat format() {
    return format;
  }

  Path cache() {
    return cache == null ? OnnxModel.defaultCacheDirectory() : cache;
  }

  /** The name that the adapter is loaded under; null without one. */
  @Nullable String adapter() {
    return adapter == null ? null : ADAPTER;
  }

  OnnxModel.Builder builder() {
    return builder(format);
  }

  OnnxModel.Builder builder(WeightFormat wanted) {
    OnnxModel.Builder builder = OnnxModel.builder(model).format(wanted).cacheDirectory(cache());
    if (adapter != null) {
      builder.adapter(ADAPTER, adapter);
    }
    if (threads != null) {
      builder.threads(threads);
    }
    return builder;
  }
}
