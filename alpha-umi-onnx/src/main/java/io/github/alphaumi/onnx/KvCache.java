package io.github.alphaumi.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtSession;
import io.github.alphaumi.core.AlphaUmiException;
import io.github.alphaumi.onnx.OnnxGraph.ElementType;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keys and values of all slots: for each layer two buffers {@code [slots, kvHeads, positions,
 * headSize]}, each of them the decoder's past input and its present output at once. A slot, or some
 * neighbouring ones, are a slice of each buffer, so that several sequences go through one pass as
 * they lie. Rewinding is using fewer positions; forking is copying rows. All positions are there
 * from the start and none is ever moved. Not thread-safe.
 */
final class KvCache implements AutoCloseable {
  private final Shape shape;
  private final KvMemory memory;
  private final @Nullable View[] views;

  /** What a cache holds. */
  record Shape(ElementType type, int layers, int slots, int heads, int positions, int headSize) {
    int buffers() {
      return 2 * layers;
    }

    private long rowBytes() {
      return (long) type.bytes * headSize;
    }

    private long headBytes() {
      return rowBytes() * positions;
    }

    private long slotBytes() {
      return headBytes() * heads;
    }

    /** Of one buffer, that is, of the keys or the values of a layer. */
    long bufferBytes() {
      return slotBytes() * slots;
    }
  }

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

  /** In this process' own memory. */
  static KvCache onHost(Shape shape) {
    if (shape.bufferBytes() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          String.format(
              "slots: %d slots of %d positions take %d MB a layer, more than 2,047 MB: choose fewer"
                  + " slots or a smaller contextWindow",
              shape.slots(), shape.positions(), shape.bufferBytes() >> 20));
    }
    try {
      return new KvCache(shape, new HostMemory(shape.type(), shape.buffers(), shape.bufferBytes()));
    } catch (OutOfMemoryError e) {
      throw new OutOfMemoryError(
          String.format(
              "keys and values of %d slots of %d positions need %d MB of address space, which the"
                  + " system does not give: choose fewer slots or a smaller contextWindow",
              shape.slots(), shape.positions(), shape.bufferBytes() * shape.buffers() >> 20));
    }
  }

  /** In memory that a session's allocator gives. */
  static KvCache onDevice(Shape shape, OrtSession session, DeviceMemory.Place place) {
    try {
      return new KvCache(
          shape,
          new DeviceMemory(
              session,
              place,
              shape.type(),
              shape.buffers(),
              shape.slots(),
              shape.heads(),
              shape.positions(),
              shape.headSize()));
    } catch (AlphaUmiException e) {
      throw new AlphaUmiException(
          String.format(
              "keys and values of %d slots of %d positions need %d MB on the device, which cannot be"
                  + " had; choose fewer slots or a smaller contextWindow if there is not so much"
                  + " (%s)",
              shape.slots(),
              shape.positions(),
              shape.bufferBytes() * shape.buffers() >> 20,
              e.getMessage()),
          e);
    }
  }

  private KvCache(Shape shape, KvMemory memory) {
    this.shape = shape;
    this.memory = memory;
    views = new View[shape.slots() * (shape.slots() + 1)];
  }

  /** Positions that a slot has. */
  int positions() {
    return shape.positions();
  }

  /** These slots as tensors {@code [count, kvHeads, positions, headSize]}. */
  View view(int first, int count) {
    int index = first * shape.slots() + count;
    View view = views[index];
    if (view == null) {
      view = newView(first, count);
      views[index] = view;
    }
    return view;
  }

  private View newView(int first, int count) {
    View view = new View();
    for (int layer = 0; layer < shape.layers(); layer++) {
      for (int k = 0; k < 2; k++) {
        String kind = k == 0 ? "key" : "value";
        OnnxTensor tensor =
            memory.tensor(
                2 * layer + k,
                first * shape.slotBytes(),
                count,
                shape.heads(),
                shape.positions(),
                shape.headSize());
        view.inputs.put(DecoderGraph.past(layer, kind), tensor);
        view.outputs.put(DecoderGraph.present(layer, kind), tensor);
      }
    }
    return view;
  }

  /** Copies positions of one slot into another one. */
  void copy(int from, int to, int first, int end) {
    long offset = first * shape.rowBytes();
    memory.copy(
        from * shape.slotBytes() + offset,
        to * shape.slotBytes() + offset,
        shape.heads(),
        shape.headBytes(),
        (end - first) * shape.rowBytes());
  }

  /** Its slots must not be run any more. Later calls do nothing. */
  @Override
  public void close() {
    for (int i = 0; i < views.length; i++) {
      View view = views[i];
      if (view != null) {
        for (int layer = 0; layer < shape.layers(); layer++) {
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
    memory.close();
  }
}
