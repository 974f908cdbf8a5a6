package io.github.alphaumi.onnx;

/** One filter; stateless. */
@FunctionalInterface
interface JinjaFilter {
  Object apply(JinjaRuntime runtime, Object value, JinjaArguments arguments);
}
