package io.github.alphaumi.onnx;

import ai.onnxruntime.OrtSession;
import io.github.alphaumi.onnx.OnnxGraph.ElementType;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A model without its tokenizer, as comparisons of numbers need it. */
final class Engine implements AutoCloseable {
  private static final int POSITIONS = 512;

  private final ModelConfig config;
  private final Decoder decoder;
  private final @Nullable LoraAdapter adapter;
  private final DeviceMemory.@Nullable Place place;

  private Engine(
      ModelConfig config,
      Decoder decoder,
      @Nullable LoraAdapter adapter,
      DeviceMemory.@Nullable Place place) {
    this.config = config;
    this.decoder = decoder;
    this.adapter = adapter;
    this.place = place;
  }

  static Engine open(Path model, WeightFormat format, Path cache) {
    return open(model, format, cache, false, null);
  }

  /** On a device, or computing in what graphs for it compute in, with the cache in a place. */
  static Engine open(
      Path model,
      WeightFormat format,
      Path cache,
      Device device,
      ElementType activations,
      DeviceMemory.@Nullable Place place,
      @Nullable Path adapter) {
    try (Checkpoint checkpoint = Checkpoint.open(model)) {
      ModelConfig config = checkpoint.config();
      WeightLayout layout = WeightLayout.of(checkpoint, format, activations, cache);
      WeightFolder weights = WeightFolder.of(checkpoint, layout, cache);
      byte[] graph = DecoderGraph.write(checkpoint, layout, weights, POSITIONS, adapter != null);
      LoraAdapter lora = adapter == null ? null : LoraAdapter.load(adapter, layout, cache);
      Decoder decoder = new Decoder(config, graph, weights.path(), 2, 1, 0, device);
      return new Engine(config, decoder, lora, place);
    }
  }

  /** With an adapter at work, or with room for adapters and none. */
  static Engine withAdapter(
      Path model, WeightFormat format, Path cache, @Nullable Path adapterFolder) {
    return open(model, format, cache, true, adapterFolder);
  }

  private static Engine open(
      Path model, WeightFormat format, Path cache, boolean adapters, @Nullable Path adapter) {
    try (Checkpoint checkpoint = Checkpoint.open(model)) {
      WeightLayout layout = WeightLayout.of(checkpoint, format, ElementType.FLOAT, cache);
      return open(checkpoint, layout, cache, adapters, adapter);
    }
  }

  static Engine open(
      Checkpoint checkpoint,
      WeightLayout layout,
      Path cache,
      boolean adapters,
      @Nullable Path adapter) {
    WeightFolder weights = WeightFolder.of(checkpoint, layout, cache);
    byte[] graph = DecoderGraph.write(checkpoint, layout, weights, POSITIONS, adapters);
    LoraAdapter lora = adapter == null ? null : LoraAdapter.load(adapter, layout, cache);
    ModelConfig config = checkpoint.config();
    Decoder decoder = new Decoder(config, graph, weights.path(), 2, 1, 0, Device.cpu());
    return new Engine(config, decoder, lora, null);
  }

  KvCache newCache() {
    return newCache(1, POSITIONS);
  }

  KvCache newCache(int slots, int positions) {
    return place == null
        ? decoder.newCache(slots, positions)
        : decoder.newCache(slots, positions, place);
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
