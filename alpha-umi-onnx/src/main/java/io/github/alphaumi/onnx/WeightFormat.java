package io.github.alphaumi.onnx;

/** How a model's matrices are kept in memory. */
public enum WeightFormat {
  /** 32-bit floats: the reference that everything else is compared with. */
  FP32,
  /**
   * 8-bit integers in blocks of 32 with a scale and a zero point each; activations of a product are
   * rounded to 8 bits, too. Sources that have 4 bits in blocks of 32 keep their grid.
   */
  INT8
}
