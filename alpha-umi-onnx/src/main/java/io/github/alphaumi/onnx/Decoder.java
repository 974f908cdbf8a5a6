package io.github.alphaumi.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.github.alphaumi.onnx.OnnxGraph.ElementType;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One loaded decoder graph: token ids in, logits out, keys and values kept in a {@link KvCache}. A
 * pass runs either some tokens of one slot or one token each of neighbouring slots; the latter
 * gives bit for bit what passes of their own would have given. Not thread-safe: its owner runs one
 * call at a time.
 */
final class Decoder implements AutoCloseable {
  private static final String SPIN_MICROSECONDS = "20";

  private final ModelConfig config;
  private final Device device;
  private final OrtSession session;
  private final boolean takesPositions;
  private final FloatBuffer sharedLogits;
  private final Feeds[] tokenFeeds;
  private final Feeds[] verifyFeeds;
  private boolean closed;

  /** Everything but keys and values that goes in and out of passes of one shape; reused. */
  private final class Feeds implements AutoCloseable {
    final int batch;
    final int length;
    final LongBuffer ids;
    final IntBuffer last;
    final IntBuffer total = Ort.direct(4).asIntBuffer();
    final LongBuffer positions;
    final FloatBuffer logits;
    final OnnxTensor[] tensors;

    /**
     * @param outRows the rows that get logits: the last ones
     * @param into where they go, as many as have room there
     */
    Feeds(int batch, int length, int outRows, FloatBuffer into) {
      this.batch = batch;
      this.length = length;
      int rows = batch * length;
      ids = Ort.direct(8L * rows).asLongBuffer();
      last = Ort.direct(4L * batch).asIntBuffer();
      positions = Ort.direct(8L * rows).asLongBuffer();
      LongBuffer wanted = Ort.direct(8L * outRows).asLongBuffer();
      for (int i = 0; i < outRows; i++) {
        wanted.put(i, rows - outRows + i);
      }
      logits = into.slice(0, outRows * config.vocabularySize());
      tensors =
          new OnnxTensor[] {
            Ort.tensor(ids, batch, length),
            Ort.tensor(last, batch),
            Ort.tensor(total),
            Ort.tensor(wanted, outRows),
            Ort.tensor(positions, batch, length),
            Ort.tensor(logits, outRows, config.vocabularySize())
          };
    }

    /** Where a sequence's tokens of this pass begin. */
    void place(int sequence, int past) {
      last.put(sequence, past + length - 1);
      total.put(0, sequence == 0 ? past + length : Math.max(total.get(0), past + length));
      for (int i = 0; i < length; i++) {
        positions.put(sequence * length + i, past + i);
      }
    }

    void bind(KvCache.View view) {
      Map<String, OnnxTensor> inputs = view.inputs();
      inputs.put("input_ids", tensors[0]);
      inputs.put("seqlens_k", tensors[1]);
      inputs.put("total_sequence_length", tensors[2]);
      inputs.put("out_rows", tensors[3]);
      if (takesPositions) {
        inputs.put(AttentionNodes.POSITIONS, tensors[4]);
      }
      view.outputs().put("logits", tensors[5]);
    }

    @Override
    public void close() {
      for (OnnxTensor tensor : tensors) {
        Ort.close(tensor);
      }
    }
  }

  /**
   * @param graph the model's bytes
   * @param weightFolder what the names of files with weights in the graph are relative to
   * @param most slots that go through one pass together at most
   * @param guesses tokens that are verified in one pass at most
   * @param device a resolved one
   */
  Decoder(
      ModelConfig config,
      byte[] graph,
      Path weightFolder,
      int threads,
      int most,
      int guesses,
      Device device) {
    this.config = config;
    this.device = device;
    OrtEnvironment environment = Ort.environment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      // Waiting threads spin for this long; the default of about a millisecond makes every operator
      // wait for a thread that lost its core to another program, at half the speed.
      options.addConfigEntry("session.intra_op.spin_duration_us", SPIN_MICROSECONDS);
      options.addConfigEntry(
          "session.model_external_initializers_file_folder_path",
          weightFolder.toAbsolutePath().toString());
      device.addTo(options);
      session = environment.createSession(graph, options);
      Ort.opened();
    } catch (OrtException e) {
      throw Ort.failure("loading a model's graph", e);
    }
    takesPositions = session.getInputNames().contains(AttentionNodes.POSITIONS);
    sharedLogits = newLogits(Math.max(most, 1 + guesses));
    tokenFeeds = new Feeds[most];
    for (int i = 0; i < most; i++) {
      tokenFeeds[i] = new Feeds(i + 1, 1, i + 1, sharedLogits);
    }
    verifyFeeds = new Feeds[guesses];
    for (int i = 0; i < guesses; i++) {
      verifyFeeds[i] = new Feeds(1, i + 2, i + 2, sharedLogits);
    }
  }

  /** Room for keys and values where the decoder computes. */
  KvCache newCache(int slots, int positions) {
    return device.isCuda()
        ? newCache(slots, positions, DeviceMemory.Place.cuda(device.ordinal()))
        : KvCache.onHost(cacheShape(slots, positions));
  }

  /** Room for keys and values in memory that the session itself gives. */
  KvCache newCache(int slots, int positions, DeviceMemory.Place place) {
    return KvCache.onDevice(cacheShape(slots, positions), session, place);
  }

  private KvCache.Shape cacheShape(int slots, int positions) {
    return new KvCache.Shape(
        cacheType(), config.layers(), slots, config.keyValueHeads(), positions, config.headSize());
  }

  private ElementType cacheType() {
    try {
      TensorInfo info =
          (TensorInfo) session.getInputInfo().get(DecoderGraph.past(0, "key")).getInfo();
      return info.type == OnnxJavaType.FLOAT16 ? ElementType.FLOAT16 : ElementType.FLOAT;
    } catch (OrtException e) {
      throw Ort.failure("asking for a graph's inputs", e);
    }
  }

  private FloatBuffer newLogits(int rows) {
    return Ort.direct(4L * rows * config.vocabularySize()).asFloatBuffer();
  }

  /**
   * Runs tokens of one slot after its first {@code past} positions.
   *
   * @return logits of the last token; overwritten by the next call
   */
  FloatBuffer run(
      int[] ids, int past, KvCache cache, int slot, OrtSession.@Nullable RunOptions adapter) {
    if (ids.length > 1) {
      try (Feeds feeds = new Feeds(1, ids.length, 1, sharedLogits)) {
        run(feeds, ids, past, cache, slot, adapter);
        return feeds.logits;
      }
    }
    run(tokenFeeds[0], ids, past, cache, slot, adapter);
    return tokenFeeds[0].logits;
  }

  /**
   * Like {@link #run}, of the first {@code count} tokens, at least 2, with the logits of each.
   *
   * @return {@code [count, vocabulary]}; overwritten by the next call
   */
  FloatBuffer verify(
      int[] ids,
      int count,
      int past,
      KvCache cache,
      int slot,
      OrtSession.@Nullable RunOptions adapter) {
    Feeds feeds = verifyFeeds[count - 2];
    for (int i = 0; i < count; i++) {
      feeds.ids.put(i, ids[i]);
    }
    feeds.place(0, past);
    run(feeds, cache, slot, adapter);
    return feeds.logits;
  }

  /** Like {@link #run} with the logits of every token: {@code [ids.length][vocabulary]}. */
  float[][] runAll(
      int[] ids, int past, KvCache cache, int slot, OrtSession.@Nullable RunOptions adapter) {
    int vocabulary = config.vocabularySize();
    float[][] result = new float[ids.length][vocabulary];
    try (Feeds feeds = new Feeds(1, ids.length, ids.length, newLogits(ids.length))) {
      run(feeds, ids, past, cache, slot, adapter);
      for (int i = 0; i < ids.length; i++) {
        feeds.logits.get(i * vocabulary, result[i]);
      }
    }
    return result;
  }

  private void run(
      Feeds feeds,
      int[] ids,
      int past,
      KvCache cache,
      int slot,
      OrtSession.@Nullable RunOptions adapter) {
    for (int i = 0; i < ids.length; i++) {
      feeds.ids.put(i, ids[i]);
    }
    feeds.place(0, past);
    run(feeds, cache, slot, adapter);
  }

  /**
   * Runs one token each of {@code count} neighbouring slots.
   *
   * @param ids of each slot its next token
   * @param pasts of each slot how many positions it has; the next one is overwritten
   * @return {@code [count, vocabulary]}; overwritten by the next call
   */
  FloatBuffer runTokens(
      int[] ids,
      int[] pasts,
      int count,
      KvCache cache,
      int firstSlot,
      OrtSession.@Nullable RunOptions adapter) {
    Feeds feeds = tokenFeeds[count - 1];
    for (int i = 0; i < count; i++) {
      feeds.ids.put(i, ids[i]);
      feeds.place(i, pasts[i]);
    }
    run(feeds, cache, firstSlot, adapter);
    return feeds.logits;
  }

  private void run(
      Feeds feeds, KvCache cache, int firstSlot, OrtSession.@Nullable RunOptions adapter) {
    if (closed) {
      throw new IllegalStateException("this model is closed");
    }
    if (feeds.total.get(0) > cache.positions()) {
      throw new IllegalArgumentException(
          feeds.total.get(0) + " positions are more than the cache's " + cache.positions());
    }
    KvCache.View view = cache.view(firstSlot, feeds.batch);
    feeds.bind(view);
    try (OrtSession.Result result = session.run(view.inputs(), Set.of(), view.outputs(), adapter)) {
      if (result.size() != view.outputs().size()) {
        throw new IllegalStateException("the graph gave " + result.size() + " outputs");
      }
    } catch (OrtException e) {
      throw Ort.failure("running a model", e);
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      session.close();
      Ort.closed();
    } catch (OrtException e) {
      throw Ort.failure("closing a model", e);
    } finally {
      for (Feeds feeds : tokenFeeds) {
        feeds.close();
      }
      for (Feeds feeds : verifyFeeds) {
        feeds.close();
      }
    }
  }
}
