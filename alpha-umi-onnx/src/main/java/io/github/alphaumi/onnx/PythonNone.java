package io.github.alphaumi.onnx;

/** Python's None. A value of its own, so that no Java null travels through the interpreter. */
enum PythonNone {
  NONE
}
