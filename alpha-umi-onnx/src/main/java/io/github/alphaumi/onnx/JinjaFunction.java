package io.github.alphaumi.onnx;

/** Something a template can call. */
@FunctionalInterface
interface JinjaFunction {
  Object call(JinjaArguments arguments);
}
