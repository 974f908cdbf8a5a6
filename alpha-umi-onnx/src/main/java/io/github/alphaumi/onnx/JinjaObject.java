package io.github.alphaumi.onnx;

import org.jspecify.annotations.Nullable;

/** A value with attributes that is none of Python's own types, such as the loop variable. */
interface JinjaObject {
  /** The name of the type in messages. */
  String type();

  /** The attribute, or null if there is none of this name. */
  @Nullable Object attribute(String name);
}
