package io.github.alphaumi.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One loaded decoder graph: token ids in, logits out, keys and values kept in a {@link KvCache}.
 * Not thread-safe: its owner runs one call at a time.
 */
final class Decoder implements AutoCloseable {
  private static final String SPIN_MICROSECONDS = "20";

  private final ModelConfig config;
  private final OrtSession session;
  private final ByteBuffer logits;
  private final OnnxTensor logitsTensor;
  private final LongBuffer oneId = Ort.direct(8).asLongBuffer();
  private final OnnxTensor oneIdTensor = Ort.tensor(oneId, 1, 1);
  private final IntBuffer lastPosition = Ort.direct(4).asIntBuffer();
  private final OnnxTensor lastPositionTensor = Ort.tensor(lastPosition, 1);
  private final IntBuffer total = Ort.direct(4).asIntBuffer();
  private final OnnxTensor totalTensor = Ort.tensor(total);
  private final LongBuffer row = Ort.direct(8).asLongBuffer();
  private final OnnxTensor rowTensor = Ort.tensor(row, 1);
  private boolean closed;

  /**
   * @param graph the model's bytes
   * @param weightFolder where the graph's weight file lies
   */
  Decoder(ModelConfig config, byte[] graph, Path weightFolder, int threads) {
    this.config = config;
    logits = Ort.direct(4L * config.vocabularySize());
    logitsTensor = Ort.tensor(logits.asFloatBuffer(), 1, config.vocabularySize());
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      // Waiting threads spin for this long; the default of about a millisecond makes every operator
      // wait for a thread that lost its core to another program, at half the speed.
      options.addConfigEntry("session.intra_op.spin_duration_us", SPIN_MICROSECONDS);
      options.addConfigEntry(
          "session.model_external_initializers_file_folder_path",
          weightFolder.toAbsolutePath().toString());
      session = Ort.environment().createSession(graph, options);
      Ort.opened();
    } catch (OrtException e) {
      closeTensors();
      throw Ort.failure("loading a model's graph", e);
    }
  }

  /**
   * Runs tokens after the first {@code past} positions of the cache.
   *
   * @return logits of the last token; overwritten by the next call
   */
  FloatBuffer run(int[] ids, int past, KvCache cache, OrtSession.@Nullable RunOptions adapter) {
    OnnxTensor input = oneIdTensor;
    if (ids.length == 1) {
      oneId.put(0, ids[0]);
    } else {
      input = idTensor(ids);
    }
    row.put(0, ids.length - 1);
    try {
      run(input, ids.length, past, cache, rowTensor, logitsTensor, adapter);
    } finally {
      if (ids.length != 1) {
        Ort.close(input);
      }
    }
    return logits.asFloatBuffer();
  }

  /** Like {@link #run} with the logits of every token: {@code [ids.length][vocabulary]}. */
  float[][] runAll(int[] ids, int past, KvCache cache, OrtSession.@Nullable RunOptions adapter) {
    int vocabulary = config.vocabularySize();
    LongBuffer rows = Ort.direct(8L * ids.length).asLongBuffer();
    for (int i = 0; i < ids.length; i++) {
      rows.put(i, i);
    }
    FloatBuffer all = Ort.direct(4L * ids.length * vocabulary).asFloatBuffer();
    OnnxTensor input = idTensor(ids);
    OnnxTensor rowsTensor = Ort.tensor(rows, ids.length);
    OnnxTensor output = Ort.tensor(all, ids.length, vocabulary);
    try {
      run(input, ids.length, past, cache, rowsTensor, output, adapter);
    } finally {
      Ort.close(input);
      Ort.close(rowsTensor);
      Ort.close(output);
    }
    float[][] result = new float[ids.length][vocabulary];
    for (int i = 0; i < ids.length; i++) {
      all.get(i * vocabulary, result[i]);
    }
    return result;
  }

  private static OnnxTensor idTensor(int[] ids) {
    LongBuffer buffer = Ort.direct(8L * ids.length).asLongBuffer();
    for (int i = 0; i < ids.length; i++) {
      buffer.put(i, ids[i]);
    }
    return Ort.tensor(buffer, 1, ids.length);
  }

  private void run(
      OnnxTensor ids,
      int count,
      int past,
      KvCache cache,
      OnnxTensor rows,
      OnnxTensor output,
      OrtSession.@Nullable RunOptions adapter) {
    if (closed) {
      throw new IllegalStateException("this model is closed");
    }
    cache.require(past + count, past);
    lastPosition.put(0, past + count - 1);
    total.put(0, past + count);
    Map<String, OnnxTensor> inputs = cache.inputs();
    inputs.put("input_ids", ids);
    inputs.put("seqlens_k", lastPositionTensor);
    inputs.put("total_sequence_length", totalTensor);
    inputs.put("out_rows", rows);
    cache.outputs().put("logits", output);
    try (OrtSession.Result result = session.run(inputs, Set.of(), cache.outputs(), adapter)) {
      if (result.size() != cache.outputs().size()) {
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
      closeTensors();
    }
  }

  private void closeTensors() {
    for (OnnxTensor tensor :
        new OnnxTensor[] {logitsTensor, oneIdTensor, lastPositionTensor, totalTensor, rowTensor}) {
      Ort.close(tensor);
    }
  }
}
