package io.github.alphaumi.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How the elements of a tensor are stored, after the type names and block layouts of ggml and the
 * dtypes of safetensors.
 *
 * <p>Elements are stored in blocks of {@link #blockElements()} neighbours of a row, {@link
 * #blockBytes()} bytes each; plain numbers are blocks of one. The types that are not {@link
 * #readable()} are known by size only, so that a file with, say, position ids in I64 can be opened.
 * Immutable and stateless, safe for concurrent use.
 */
enum TensorType {
  F32(0, 1, 4, PlainFloats::f32),
  F16(1, 1, 2, PlainFloats::f16),
  BF16(30, 1, 2, PlainFloats::bf16),
  Q4_0(2, 32, 18, SmallBlocks::q4x0),
  Q4_1(3, 32, 20, SmallBlocks::q4x1),
  Q5_0(6, 32, 22, SmallBlocks::q5x0),
  Q5_1(7, 32, 24, SmallBlocks::q5x1),
  Q8_0(8, 32, 34, SmallBlocks::q8x0),
  Q2_K(10, 256, 84, SuperBlocks::q2k),
  Q3_K(11, 256, 110, SuperBlocks::q3k),
  Q4_K(12, 256, 144, SuperBlocks::q4k),
  Q5_K(13, 256, 176, SuperBlocks::q5k),
  Q6_K(14, 256, 210, SuperBlocks::q6k),
  IQ4_NL(20, 32, 18, SmallBlocks::iq4nl),
  F64(28, 1, 8, null),
  I64(27, 1, 8, null),
  I32(26, 1, 4, null),
  I16(25, 1, 2, null),
  I8(24, 1, 1, null),
  U64(-1, 1, 8, null),
  U32(-1, 1, 4, null),
  U16(-1, 1, 2, null),
  U8(-1, 1, 1, null),
  BOOL(-1, 1, 1, null),
  F8_E4M3(-1, 1, 1, null),
  F8_E5M2(-1, 1, 1, null);

  /** Turns whole blocks that lie in an array into floats. */
  @FunctionalInterface
  interface Kernel {
    void run(byte[] src, int srcOffset, float[] dst, int dstOffset, int blocks);
  }

  // Blocks pass through an array of this size: the kernels run several times faster on arrays than
  // on mapped buffers, and a piece stays in the first-level cache.
  private static final int PIECE_BYTES = 16 * 1024;

  private final int ggmlId;
  private final int blockElements;
  private final int blockBytes;
  private final @Nullable Kernel kernel;

  TensorType(int ggmlId, int blockElements, int blockBytes, @Nullable Kernel kernel) {
    this.ggmlId = ggmlId;
    this.blockElements = blockElements;
    this.blockBytes = blockBytes;
    this.kernel = kernel;
  }

  /** Elements per block; rows are whole blocks. */
  int blockElements() {
    return blockElements;
  }

  /** Bytes per block. */
  int blockBytes() {
    return blockBytes;
  }

  /** Whether {@link #dequantize} works for this type. */
  boolean readable() {
    return kernel != null;
  }

  /**
   * Turns {@code blocks} consecutive blocks into {@code blocks * blockElements()} floats, computed
   * in float32 in the order of gguf-py, so that the results are equal to its, bit by bit.
   *
   * @param src a little-endian buffer; its position is neither used nor changed
   * @param srcOffset index in {@code src} of the first block
   * @throws UnsupportedOperationException if the type is not {@link #readable()}
   * @throws IndexOutOfBoundsException if the blocks or their floats do not fit
   */
  void dequantize(ByteBuffer src, int srcOffset, float[] dst, int dstOffset, int blocks) {
    if (kernel == null) {
      throw new UnsupportedOperationException(
          "tensor type " + this + " cannot be read as floats; " + readableNames() + " can");
    }
    if (src.order() != ByteOrder.LITTLE_ENDIAN) {
      throw new IllegalArgumentException("src must be little-endian");
    }
    Objects.checkFromIndexSize((long) srcOffset, (long) blocks * blockBytes, src.limit());
    Objects.checkFromIndexSize((long) dstOffset, (long) blocks * blockElements, dst.length);
    int pieceBlocks = Math.min(blocks, PIECE_BYTES / blockBytes);
    byte[] piece = new byte[pieceBlocks * blockBytes];
    for (int done = 0; done < blocks; done += pieceBlocks) {
      int count = Math.min(pieceBlocks, blocks - done);
      src.get(srcOffset + done * blockBytes, piece, 0, count * blockBytes);
      kernel.run(piece, 0, dst, dstOffset + done * blockElements, count);
    }
  }

  /** The type with this number in GGUF files, or null if it is not supported. */
  static @Nullable TensorType ofGgml(int id) {
    for (TensorType type : values()) {
      if (type.ggmlId == id && id >= 0) {
        return type;
      }
    }
    return null;
  }

  /** The names of the readable types, for messages. */
  static String readableNames() {
    return Arrays.stream(values())
        .filter(TensorType::readable)
        .map(Enum::name)
        .collect(Collectors.joining(", "));
  }
}
