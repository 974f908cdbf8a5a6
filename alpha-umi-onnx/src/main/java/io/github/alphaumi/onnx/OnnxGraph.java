package io.github.alphaumi.onnx;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Writes an ONNX model as protobuf bytes: nodes, inputs, outputs and initializers of one graph.
 *
 * <p>Field numbers are those of onnx.proto3 (IR version 10). A protobuf library would bring more
 * than the six messages that are needed here. Not thread-safe.
 */
final class OnnxGraph {
  private static final int IR_VERSION = 10;
  private static final int OPSET = 21;
  private static final int CONTRIB_OPSET = 1;
  static final String CONTRIB = "com.microsoft";

  /** Element types, by their number in TensorProto.DataType. */
  enum ElementType {
    FLOAT(1, 4),
    UINT8(2, 1),
    INT32(6, 4),
    INT64(7, 8),
    FLOAT16(10, 2);

    final int code;
    final int bytes;

    ElementType(int code, int bytes) {
      this.code = code;
      this.bytes = bytes;
    }
  }

  private final Message graph = new Message();
  private final ElementType floats;
  private int nodes;

  /**
   * @param floats what constants of floats are kept as: {@link ElementType#FLOAT} or {@link
   *     ElementType#FLOAT16}
   */
  OnnxGraph(String name, ElementType floats) {
    this.floats = floats;
    graph.text(2, name);
  }

  /** An input; a dimension is a Number or the name of a variable one. */
  void input(String name, ElementType type, Object... shape) {
    graph.message(11, valueInfo(name, type, shape));
  }

  void output(String name, ElementType type, Object... shape) {
    graph.message(12, valueInfo(name, type, shape));
  }

  /** A node of the standard operator set; attributes are Float, Number, String or long[]. */
  void node(String op, List<String> inputs, List<String> outputs, Map<String, ?> attributes) {
    node("", op, inputs, outputs, attributes);
  }

  /** A node of ONNX Runtime's own operators. */
  void contribNode(
      String op, List<String> inputs, List<String> outputs, Map<String, ?> attributes) {
    node(CONTRIB, op, inputs, outputs, attributes);
  }

  /** A node that gives its input in another type. */
  void cast(String in, ElementType to, String out) {
    node("Cast", List.of(in), List.of(out), Map.of("to", to.code));
  }

  private void node(
      String domain,
      String op,
      List<String> inputs,
      List<String> outputs,
      Map<String, ?> attributes) {
    Message node = new Message();
    inputs.forEach(input -> node.text(1, input));
    outputs.forEach(output -> node.text(2, output));
    node.text(3, op + "_" + nodes++);
    node.text(4, op);
    attributes.forEach((name, value) -> node.message(5, attribute(name, value)));
    if (!domain.isEmpty()) {
      node.text(7, domain);
    }
    graph.message(1, node);
  }

  private static Message attribute(String name, Object value) {
    Message attribute = new Message().text(1, name);
    if (value instanceof Float number) {
      return attribute.fixed32(2, Float.floatToRawIntBits(number)).integer(20, 1);
    }
    if (value instanceof Number number) {
      return attribute.integer(3, number.longValue()).integer(20, 2);
    }
    if (value instanceof String text) {
      return attribute.text(4, text).integer(20, 3);
    }
    if (value instanceof long[] numbers) {
      for (long number : numbers) {
        attribute.integer(8, number);
      }
      return attribute.integer(20, 7);
    }
    throw new IllegalArgumentException("attribute " + name + " of " + value.getClass());
  }

  /** A constant inside the graph. */
  void constant(String name, ElementType type, long[] shape, byte[] littleEndian) {
    graph.message(5, tensor(name, type, shape).bytes(9, littleEndian, littleEndian.length));
  }

  void constant(String name, long... values) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (long value : values) {
      bytes.putLong(value);
    }
    constant(name, ElementType.INT64, new long[] {values.length}, bytes.array());
  }

  void constant(String name, float[] values, long... shape) {
    ByteBuffer bytes =
        ByteBuffer.allocate(floats.bytes * values.length).order(ByteOrder.LITTLE_ENDIAN);
    if (floats == ElementType.FLOAT16) {
      for (float value : values) {
        bytes.putShort(Float16.fromFloat(value));
      }
    } else {
      bytes.asFloatBuffer().put(values);
    }
    constant(name, floats, shape, bytes.array());
  }

  /** A weight whose bytes lie in another file, which ONNX Runtime maps itself. */
  void external(
      String name, ElementType type, long[] shape, String file, long offset, long length) {
    graph.message(
        5,
        tensor(name, type, shape)
            .message(13, entry("location", file))
            .message(13, entry("offset", Long.toString(offset)))
            .message(13, entry("length", Long.toString(length)))
            .integer(14, 1));
  }

  /** The finished model. */
  byte[] toByteArray() {
    return new Message()
        .integer(1, IR_VERSION)
        .text(2, "alpha-umi")
        .message(7, graph)
        .message(8, new Message().integer(2, OPSET))
        .message(8, new Message().text(1, CONTRIB).integer(2, CONTRIB_OPSET))
        .toByteArray();
  }

  private static Message tensor(String name, ElementType type, long[] shape) {
    Message tensor = new Message();
    for (long dimension : shape) {
      tensor.integer(1, dimension);
    }
    return tensor.integer(2, type.code).text(8, name);
  }

  private static Message entry(String key, String value) {
    return new Message().text(1, key).text(2, value);
  }

  private static Message valueInfo(String name, ElementType type, Object[] shape) {
    Message dimensions = new Message();
    for (Object dimension : shape) {
      dimensions.message(
          1,
          dimension instanceof Number number
              ? new Message().integer(1, number.longValue())
              : new Message().text(2, (String) dimension));
    }
    Message tensorType = new Message().integer(1, type.code).message(2, dimensions);
    return new Message().text(1, name).message(2, new Message().message(1, tensorType));
  }

  /** One protobuf message under construction. */
  private static final class Message extends ByteArrayOutputStream {
    private static final int VARINT = 0;
    private static final int DELIMITED = 2;
    private static final int FIXED32 = 5;

    Message integer(int field, long value) {
      varint((long) field << 3 | VARINT);
      varint(value);
      return this;
    }

    Message fixed32(int field, int bits) {
      varint((long) field << 3 | FIXED32);
      for (int shift = 0; shift < 32; shift += 8) {
        write(bits >>> shift);
      }
      return this;
    }

    Message text(int field, String value) {
      byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
      return bytes(field, utf8, utf8.length);
    }

    Message message(int field, Message value) {
      return bytes(field, value.buf, value.count);
    }

    Message bytes(int field, byte[] value, int length) {
      varint((long) field << 3 | DELIMITED);
      varint(length);
      write(value, 0, length);
      return this;
    }

    private void varint(long value) {
      long rest = value;
      while ((rest & ~0x7FL) != 0) {
        write((int) (rest & 0x7F | 0x80));
        rest >>>= 7;
      }
      write((int) rest);
    }
  }
}
