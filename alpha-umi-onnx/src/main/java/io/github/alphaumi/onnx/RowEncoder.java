package io.github.alphaumi.onnx;

import io.github.alphaumi.onnx.WeightLayout.Encoding;
import java.nio.ByteBuffer;

/** Turns rows of one tensor into what the weight file holds. Not thread-safe. */
interface RowEncoder {

  /**
   * Writes one row from the start of three little-endian buffers, of which a row of floats uses the
   * first only.
   *
   * @param row the row's number in the tensor
   */
  void encode(long row, ByteBuffer values, ByteBuffer scales, ByteBuffer zeroPoints);

  static RowEncoder of(TensorData tensor, int columns, Encoding encoding) {
    return switch (encoding.bits()) {
      case 32 -> new Floats(tensor, new float[columns]);
      case 8 ->
          tensor.type() == TensorType.Q8_0 || tensor.type() == TensorType.Q4_1
              ? new EightBitsFromBlocks(tensor, columns, new BlockQuantizer())
              : new EightBits(tensor, new float[columns], new BlockQuantizer());
      case 4 ->
          tensor.type() == TensorType.Q4_0 && encoding.block() == WeightLayout.BLOCK
              ? new FourBitsFromBlocks(tensor, columns)
              : new FourBits(tensor, new float[columns], new FourBitQuantizer(encoding.block()));
      default -> throw new IllegalArgumentException(encoding.toString());
    };
  }

  private static void read(TensorData tensor, long row, float[] floats) {
    tensor.readFloats(row * floats.length, floats, 0, floats.length);
  }

  record Floats(TensorData tensor, float[] floats) implements RowEncoder {
    @Override
    public void encode(long row, ByteBuffer values, ByteBuffer scales, ByteBuffer zeroPoints) {
      read(tensor, row, floats);
      values.asFloatBuffer().put(floats);
    }
  }

  record EightBits(TensorData tensor, float[] floats, BlockQuantizer quantizer)
      implements RowEncoder {
    @Override
    public void encode(long row, ByteBuffer values, ByteBuffer scales, ByteBuffer zeroPoints) {
      read(tensor, row, floats);
      for (int from = 0; from < floats.length; from += WeightLayout.BLOCK) {
        quantizer.fromFloats(floats, from, Math.min(WeightLayout.BLOCK, floats.length - from));
        quantizer.put(values, scales, zeroPoints);
      }
    }
  }

  /** Blocks of 32 in the source are blocks of 32 in the copy. */
  record EightBitsFromBlocks(TensorData tensor, int columns, BlockQuantizer quantizer)
      implements RowEncoder {
    @Override
    public void encode(long row, ByteBuffer values, ByteBuffer scales, ByteBuffer zeroPoints) {
      TensorType type = tensor.type();
      int rowBytes = columns / type.blockElements() * type.blockBytes();
      ByteBuffer raw = tensor.bytes(row * rowBytes, rowBytes);
      for (int at = 0; at < rowBytes; at += type.blockBytes()) {
        if (type == TensorType.Q8_0) {
          quantizer.fromQ8_0(raw, at);
        } else {
          quantizer.fromQ4_1(raw, at);
        }
        quantizer.put(values, scales, zeroPoints);
      }
    }
  }

  record FourBits(TensorData tensor, float[] floats, FourBitQuantizer quantizer)
      implements RowEncoder {
    @Override
    public void encode(long row, ByteBuffer values, ByteBuffer scales, ByteBuffer zeroPoints) {
      read(tensor, row, floats);
      int block = quantizer.block();
      for (int i = 0; i * block < floats.length; i++) {
        quantizer.fromFloats(floats, i * block, Math.min(block, floats.length - i * block));
        quantizer.put(values, scales, zeroPoints, i);
      }
    }
  }

  /** A Q4_0 block is such a block, but for the order of its values: half a scale, zero point 8. */
  record FourBitsFromBlocks(TensorData tensor, int columns) implements RowEncoder {
    private static final int ZERO_POINTS = 0x88;

    @Override
    public void encode(long row, ByteBuffer values, ByteBuffer scales, ByteBuffer zeroPoints) {
      int half = WeightLayout.BLOCK / 2;
      int block = TensorType.Q4_0.blockBytes();
      int rowBytes = columns / WeightLayout.BLOCK * block;
      ByteBuffer raw = tensor.bytes(row * rowBytes, rowBytes);
      for (int at = 0; at < rowBytes; at += block) {
        scales.putFloat(Float16.toFloat(raw.getShort(at)));
        for (int shift = 0; shift < 8; shift += 4) {
          for (int i = 0; i < half; i += 2) {
            int first = raw.get(at + 2 + i) >> shift & 15;
            int second = raw.get(at + 2 + i + 1) >> shift & 15;
            values.put((byte) (first | second << 4));
          }
        }
      }
      while (zeroPoints.hasRemaining()) {
        zeroPoints.put((byte) ZERO_POINTS);
      }
    }
  }
}
