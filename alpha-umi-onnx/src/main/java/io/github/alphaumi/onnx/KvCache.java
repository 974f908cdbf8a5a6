package io.github.alphaumi.onnx;

import ai.onnxruntime.OnnxTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/**
 * Keys and values of one sequence: for each layer two buffers {@code [1, kvHeads, capacity,
 * headSize]}, each of them the decoder's past input and its present output at once. Rewinding is
 * using fewer positions; forking is copying rows. Grows by doubling. Not thread-safe.
 */
final class KvCache implements AutoCloseable {
  private static final int SMALLEST = 256;

  private final ModelConfig config;
  private final int limit;
  private final ByteBuffer[] buffers;
  private final Map<String, OnnxTensor> inputs = new HashMap<>();
  private final Map<String, OnnxTensor> outputs = new HashMap<>();
  private int capacity;

  /**
   * @param limit positions it may grow to
   */
  KvCache(ModelConfig config, int limit) {
    this.config = config;
    this.limit = limit;
    buffers = new ByteBuffer[2 * config.layers()];
  }

  /** Past inputs by name. The caller may put its own inputs beside them. */
  Map<String, OnnxTensor> inputs() {
    return inputs;
  }

  /** Present outputs by name. The caller may put its own outputs beside them. */
  Map<String, OnnxTensor> outputs() {
    return outputs;
  }

  /** Makes room for this many positions, keeping the first {@code used}. */
  void require(int positions, int used) {
    if (positions <= capacity) {
      return;
    }
    int grown = Math.max(SMALLEST, capacity);
    while (grown < positions) {
      grown *= 2;
    }
    grown = Math.min(grown, limit);
    long[] shape = {1, config.keyValueHeads(), grown, config.headSize()};
    ByteBuffer[] larger = new ByteBuffer[buffers.length];
    for (int i = 0; i < buffers.length; i++) {
      larger[i] = Ort.direct(rowBytes() * grown * config.keyValueHeads());
      if (used > 0) {
        copyRows(buffers[i], capacity, larger[i], grown, used);
      }
    }
    release();
    System.arraycopy(larger, 0, buffers, 0, buffers.length);
    capacity = grown;
    for (int layer = 0; layer < config.layers(); layer++) {
      bind(layer, "key", buffers[2 * layer], shape);
      bind(layer, "value", buffers[2 * layer + 1], shape);
    }
  }

  private void bind(int layer, String kind, ByteBuffer buffer, long[] shape) {
    OnnxTensor tensor = Ort.tensor(buffer.asFloatBuffer(), shape);
    inputs.put(DecoderGraph.past(layer, kind), tensor);
    outputs.put(DecoderGraph.present(layer, kind), tensor);
  }

  /** Takes over the first positions of another sequence. */
  void copyFrom(KvCache other, int positions) {
    require(positions, 0);
    for (int i = 0; i < buffers.length; i++) {
      copyRows(other.buffers[i], other.capacity, buffers[i], capacity, positions);
    }
  }

  private long rowBytes() {
    return 4L * config.headSize();
  }

  private void copyRows(
      ByteBuffer from, int fromCapacity, ByteBuffer to, int toCapacity, int positions) {
    int row = (int) rowBytes();
    for (int head = 0; head < config.keyValueHeads(); head++) {
      to.put(head * toCapacity * row, from, head * fromCapacity * row, positions * row);
    }
  }

  private void release() {
    for (int layer = 0; layer < config.layers(); layer++) {
      for (String kind : new String[] {"key", "value"}) {
        OnnxTensor tensor = inputs.remove(DecoderGraph.past(layer, kind));
        outputs.remove(DecoderGraph.present(layer, kind));
        if (tensor != null) {
          Ort.close(tensor);
        }
      }
    }
  }

  @Override
  public void close() {
    release();
    java.util.Arrays.fill(buffers, ByteBuffer.allocate(0).order(ByteOrder.nativeOrder()));
    capacity = 0;
  }
}
