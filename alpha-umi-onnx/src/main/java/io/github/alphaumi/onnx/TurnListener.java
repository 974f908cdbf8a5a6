package io.github.alphaumi.onnx;

import dev.langchain4j.agent.tool.ToolExecutionRequest;

/** Hears a turn of the assistant while it is written, on the thread that writes it. */
interface TurnListener {
  /** Hears nothing. */
  TurnListener NONE = new TurnListener() {};

  /** More of the text. */
  default void text(String more) {}

  /** More of the arguments of the call that has this index. */
  default void arguments(int index, String id, String name, String more) {}

  /** A call is complete. */
  default void call(int index, ToolExecutionRequest call) {}
}
