/**
 * Language models in this process: reads a checkpoint, writes its ONNX graph, runs it on ONNX
 * Runtime and decodes text, freely or held to a constraint.
 */
@NullMarked
package io.github.alphaumi.onnx;

import org.jspecify.annotations.NullMarked;
