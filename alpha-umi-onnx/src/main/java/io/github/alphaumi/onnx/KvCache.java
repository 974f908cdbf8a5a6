package io.github.alphaumi.onnx;

import ai.onnxruntime.OnnxTensor;
import com.sun.jna.Memory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keys and values of all slots: for each layer two buffers {@code [slots, kvHeads, positions,
 * headSize]}, each of them the decoder's past input and its present output at once. A slot, or some
 * neighbouring ones, are a slice of each buffer, so that several sequences go through one pass as
 * they lie. Rewinding is using fewer positions; forking is copying rows. Not thread-safe.
 *
 * <p>All positions are there from the start and none is ever moved, but memory costs nothing until
 * it is written: a slot takes as many pages as its longest sequence had. That is why it comes from
 * malloc, unlike Java's direct buffers, which are cleared and so written at once.
 */
final class KvCache implements AutoCloseable {
  /** Smaller pieces would stay with the C library's heap when they are freed. */
  private static final long LEAST_ALLOCATION = 64L << 20;

  private final int layers;
  private final int heads;
  private final int headSize;
  private final int slots;
  private final int positions;
  private final List<Memory> memory = new ArrayList<>();
  private final ByteBuffer[] buffers;
  private final @Nullable View[] views;

  /** Some neighbouring slots, as inputs and outputs of a pass. */
  static final class View {
    private final Map<String, OnnxTensor> inputs = new HashMap<>();
    private final Map<String, OnnxTensor> outputs = new HashMap<>();

    /** Past inputs by name. The caller may put its own inputs beside them. */
    Map<String, OnnxTensor> inputs() {
      return inputs;
    }

    /** Present outputs by name. The caller may put its own outputs beside them. */
    Map<String, OnnxTensor> outputs() {
      return outputs;
    }
  }

  /**
   * @param positions of each slot
   */
  KvCache(ModelConfig config, int slots, int positions) {
    layers = config.layers();
    heads = config.keyValueHeads();
    headSize = config.headSize();
    this.slots = slots;
    this.positions = positions;
    requireRoom();
    buffers = new ByteBuffer[2 * layers];
    views = new View[slots * (slots + 1)];
    try {
      allocate();
    } catch (OutOfMemoryError e) {
      close();
      throw new OutOfMemoryError(
          String.format(
              "keys and values of %d slots of %d positions need %d MB of address space, which the"
                  + " system does not give: choose fewer slots or a smaller contextWindow",
              slots, positions, bufferBytes() * buffers.length >> 20));
    }
  }

  private void requireRoom() {
    if (bufferBytes() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          String.format(
              "slots: %d slots of %d positions take %d MB a layer, more than 2,047 MB: choose fewer"
                  + " slots or a smaller contextWindow",
              slots, positions, bufferBytes() >> 20));
    }
  }

  private void allocate() {
    int together = (int) Math.max(1, Math.min(buffers.length, LEAST_ALLOCATION / bufferBytes()));
    for (int i = 0; i < buffers.length; i += together) {
      int count = Math.min(together, buffers.length - i);
      Memory piece = new Memory(count * bufferBytes());
      memory.add(piece);
      Ort.opened();
      for (int k = 0; k < count; k++) {
        buffers[i + k] = piece.getByteBuffer(k * bufferBytes(), bufferBytes());
      }
    }
  }

  private int rowBytes() {
    return 4 * headSize;
  }

  private long slotBytes() {
    return (long) rowBytes() * positions * heads;
  }

  private long bufferBytes() {
    return slotBytes() * slots;
  }

  /** Positions that a slot has. */
  int positions() {
    return positions;
  }

  /** These slots as tensors {@code [count, kvHeads, positions, headSize]}. */
  View view(int first, int count) {
    int index = first * slots + count;
    View view = views[index];
    if (view == null) {
      view = newView(first, count);
      views[index] = view;
    }
    return view;
  }

  private View newView(int first, int count) {
    View view = new View();
    long[] shape = {count, heads, positions, headSize};
    for (int layer = 0; layer < layers; layer++) {
      for (int k = 0; k < 2; k++) {
        String kind = k == 0 ? "key" : "value";
        int from = (int) (first * slotBytes());
        int length = (int) (count * slotBytes());
        ByteBuffer slice =
            buffers[2 * layer + k].slice(from, length).order(buffers[2 * layer + k].order());
        OnnxTensor tensor = Ort.tensor(slice.asFloatBuffer(), shape);
        view.inputs.put(DecoderGraph.past(layer, kind), tensor);
        view.outputs.put(DecoderGraph.present(layer, kind), tensor);
      }
    }
    return view;
  }

  /** Copies positions of one slot into another one. */
  void copy(int from, int to, int first, int end) {
    int row = rowBytes();
    for (ByteBuffer buffer : buffers) {
      for (int head = 0; head < heads; head++) {
        int source = (int) (from * slotBytes() + ((long) head * positions + first) * row);
        int target = (int) (to * slotBytes() + ((long) head * positions + first) * row);
        buffer.put(target, buffer, source, (end - first) * row);
      }
    }
  }

  /** Its slots must not be run any more. Later calls do nothing. */
  @Override
  public void close() {
    for (int i = 0; i < views.length; i++) {
      View view = views[i];
      if (view != null) {
        for (int layer = 0; layer < layers; layer++) {
          for (String kind : new String[] {"key", "value"}) {
            OnnxTensor tensor = view.inputs.get(DecoderGraph.past(layer, kind));
            if (tensor != null) {
              Ort.close(tensor);
            }
          }
        }
        views[i] = null;
      }
    }
    Arrays.fill(buffers, ByteBuffer.allocate(0));
    for (Memory piece : memory) {
      piece.close();
      Ort.closed();
    }
    memory.clear();
  }
}
