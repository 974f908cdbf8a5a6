package io.github.alphaumi.onnx;

import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A model without its tokenizer, as comparisons of numbers need it. */
final class Engine implements AutoCloseable {
  private static final int POSITIONS = 512;

  private final ModelConfig config;
  private final Decoder decoder;
  private final @Nullable LoraAdapter adapter;

  private Engine(ModelConfig config, Decoder decoder, @Nullable LoraAdapter adapter) {
    this.config = config;
    this.decoder = decoder;
    this.adapter = adapter;
  }

  static Engine open(Path model, WeightFormat format, Path cache) {
    return open(model, format, cache, false, null);
  }

  /** With an adapter at work, or with room for adapters and none. */
  static Engine withAdapter(
      Path model, WeightFormat format, Path cache, @Nullable Path adapterFolder) {
    return open(model, format, cache, true, adapterFolder);
  }

  private static Engine open(
      Path model, WeightFormat format, Path cache, boolean adapters, @Nullable Path adapter) {
    try (Checkpoint checkpoint = Checkpoint.open(model)) {
      WeightLayout layout = new WeightLayout(checkpoint.config(), format);
      return open(checkpoint, layout, cache, adapters, adapter);
    }
  }

  static Engine open(
      Checkpoint checkpoint,
      WeightLayout layout,
      Path cache,
      boolean adapters,
      @Nullable Path adapter) {
    String weights = WeightFile.of(checkpoint, layout, cache).getFileName().toString();
    byte[] graph = DecoderGraph.write(checkpoint, layout, weights, POSITIONS, adapters);
    LoraAdapter lora = adapter == null ? null : LoraAdapter.load(adapter, layout, cache);
    ModelConfig config = checkpoint.config();
    return new Engine(config, new Decoder(config, graph, cache, 2, 1, 0), lora);
  }

  KvCache newCache() {
    return new KvCache(config, 1, POSITIONS);
  }

  int vocabularySize() {
    return config.vocabularySize();
  }

  /** Logits of every token of a text. */
  float[][] logits(int... ids) {
    try (KvCache cache = newCache()) {
      return logits(ids, cache);
    }
  }

  float[][] logits(int[] ids, KvCache cache) {
    return decoder.runAll(ids, 0, cache, 0, options());
  }

  /** Logits of the last of these tokens. */
  FloatBuffer next(int[] ids, int past, KvCache cache) {
    return decoder.run(ids, past, cache, 0, options());
  }

  private OrtSession.@Nullable RunOptions options() {
    return adapter == null ? null : adapter.runOptions();
  }

  @Override
  public void close() {
    if (adapter != null) {
      adapter.close();
    }
    decoder.close();
  }
}
