package io.github.alphaumi.onnx;

import ai.onnxruntime.OnnxTensor;

/** Some buffers of one size, where the session computes; all zero at first. Not thread-safe. */
interface KvMemory extends AutoCloseable {

  /**
   * A part of a buffer as a tensor, which the caller closes before this.
   *
   * @param offset in bytes
   */
  OnnxTensor tensor(int buffer, long offset, long... shape);

  /**
   * In every buffer, copies {@code rows} pieces of {@code length} bytes, each {@code pitch} bytes
   * after the one before.
   */
  void copy(long from, long to, int rows, long pitch, long length);

  /** Later calls do nothing. */
  @Override
  void close();
}
