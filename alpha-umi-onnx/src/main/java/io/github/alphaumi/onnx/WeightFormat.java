package io.github.alphaumi.onnx;

/** How a model's matrices are kept in memory. */
public enum WeightFormat {
  /**
   * 32-bit floats: the reference that everything else is compared with. Files that have them are
   * used as they are.
   */
  FP32,
  /**
   * 16-bit floats. Files that have them are used as they are. CUDA computes in them; on the CPU
   * they save half of the file and none of the memory, where they are made 32-bit floats when they
   * are loaded.
   */
  FP16,
  /**
   * 8-bit integers in blocks of 32 with a scale and a zero point each; activations of a product are
   * rounded to 8 bits, too. Sources that have 4 bits in blocks of 32 keep their grid.
   */
  INT8,
  /**
   * 4-bit integers in blocks of 32, or of 128 in matrices of 4 million weights and more, with a
   * scale and a zero point each; embedding and head stay at 8 bits, activations are rounded to 8
   * bits. Sources of the GGUF type Q4_0 are taken as they are. Somewhat more than half the size of
   * {@link #INT8}, and faster where a model is large; answers of small models suffer, so compare
   * before choosing it.
   */
  INT4
}
