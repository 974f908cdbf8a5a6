package io.github.alphaumi.onnx;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;

/**
 * One tensor of a checkpoint: where its bytes lie and how to read them as floats.
 *
 * <p>The bytes lie in one piece, row after row, elements of the last dimension next to each other.
 * Safe for concurrent reads until its {@link TensorSource} is closed; reading after that is an
 * {@link IllegalStateException}.
 */
final class TensorData {

  // Pieces keep byte counts far from the limits of int, however many floats are asked for.
  private static final int PIECE_ELEMENTS = 1 << 24;

  private final MappedFile file;
  private final String name;
  private final TensorType type;
  private final long[] shape;
  private final long offset;
  private final long elements;
  private final long byteLength;

  /**
   * @param shape outermost dimension first
   * @param offset of the first byte, from the start of the file
   * @throws ModelFileException if shape, type and size of the file do not agree
   */
  TensorData(MappedFile file, String name, TensorType type, long[] shape, long offset) {
    this.file = file;
    this.name = name;
    this.type = type;
    this.shape = shape.clone();
    this.offset = offset;
    try {
      this.elements = product(shape);
      this.byteLength = Math.multiplyExact(elements / type.blockElements(), type.blockBytes());
    } catch (ArithmeticException e) {
      throw broken("shape " + Arrays.toString(shape) + " has too many elements");
    }
    long row = shape.length == 0 ? 1 : shape[shape.length - 1];
    if (row % type.blockElements() != 0) {
      throw broken(
          "rows of %d elements are not whole %s blocks of %d"
              .formatted(row, type, type.blockElements()));
    }
    if (offset < 0 || offset > file.size() || byteLength > file.size() - offset) {
      throw broken(
          "needs %d bytes at offset %d, but the file has %d bytes; it is truncated or corrupt, get it again"
              .formatted(byteLength, offset, file.size()));
    }
  }

  private long product(long[] dimensions) {
    long product = 1;
    for (long dimension : dimensions) {
      if (dimension < 0) {
        throw broken("shape " + Arrays.toString(dimensions) + " has a negative dimension");
      }
      product = Math.multiplyExact(product, dimension);
    }
    return product;
  }

  /** The name in the file. */
  String name() {
    return name;
  }

  TensorType type() {
    return type;
  }

  /**
   * Dimensions in the order of Hugging Face and PyTorch, outermost first: {@code [out, in]} for a
   * linear layer. GGUF stores them the other way round. Empty for a scalar.
   */
  long[] shape() {
    return shape.clone();
  }

  Path file() {
    return file.path();
  }

  /** Where the first byte lies, from the start of {@link #file()}. */
  long offset() {
    return offset;
  }

  long byteLength() {
    return byteLength;
  }

  /** The product of {@link #shape()}. */
  long elements() {
    return elements;
  }

  /**
   * Bytes as they are in the file: a little-endian, read-only, direct buffer over the mapped file.
   * It stays valid after the source is closed.
   *
   * @param from the first byte, counted from the tensor's start
   * @throws IndexOutOfBoundsException if the range is not within the tensor
   * @throws IllegalStateException if the source has been closed
   */
  ByteBuffer bytes(long from, int length) {
    Objects.checkFromIndexSize(from, (long) length, byteLength);
    return file.slice(offset + from, length);
  }

  /**
   * Reads elements as floats, dequantised. Both {@code firstElement} and {@code count} are
   * multiples of {@link TensorType#blockElements()}, as whole rows always are.
   *
   * @throws ModelFileException if the type cannot be read as floats
   * @throws IllegalArgumentException if the range does not consist of whole blocks
   * @throws IndexOutOfBoundsException if the range is not within the tensor or the target
   * @throws IllegalStateException if the source has been closed
   */
  void readFloats(long firstElement, float[] target, int targetOffset, int count) {
    if (!type.readable()) {
      throw broken(
          "type "
              + type
              + " cannot be read as floats; supported are "
              + TensorType.readableNames());
    }
    int block = type.blockElements();
    if (firstElement % block != 0 || count % block != 0) {
      throw new IllegalArgumentException(
          "tensor '%s': firstElement %d and count %d must be multiples of %d, the block size of %s"
              .formatted(name, firstElement, count, block, type));
    }
    Objects.checkFromIndexSize(firstElement, (long) count, elements);
    Objects.checkFromIndexSize(targetOffset, count, target.length);
    file.ensureOpen();
    for (int done = 0; done < count; ) {
      int blocks = Math.min(count - done, PIECE_ELEMENTS) / block;
      long from = (firstElement + done) / block * type.blockBytes();
      type.dequantize(
          bytes(from, blocks * type.blockBytes()), 0, target, targetOffset + done, blocks);
      done += blocks * block;
    }
  }

  /**
   * All elements of a tensor that must be a vector of this size.
   *
   * @throws ModelFileException if it is not
   */
  float[] vector(int size) {
    if (shape.length != 1 || elements != size) {
      throw broken("has the shape " + Arrays.toString(shape) + "; needed is [" + size + "]");
    }
    float[] values = new float[size];
    readFloats(0, values, 0, size);
    return values;
  }

  /** An exception about this tensor. */
  ModelFileException broken(String problem) {
    return new ModelFileException(file.path(), "tensor '" + name + "': " + problem);
  }

  @Override
  public String toString() {
    return name + " " + type + Arrays.toString(shape);
  }
}
