package io.github.alphaumi.tools;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a tool runs. Thread-safe. */
@FunctionalInterface
interface ToolCode {

  /** A call that is ready. Runs on a tool's thread. */
  @FunctionalInterface
  interface Work {

    /**
     * @return what the model is told; a promise is waited for
     * @throws ToolException to tell the model why there is nothing
     */
    @Nullable Object run() throws Throwable;
  }

  /** Stands for the result of code that returns nothing. */
  Object DONE = Map.of("result", "done");

  /**
   * Makes a call ready, on the run's thread.
   *
   * @param arguments mended and checked against the tool's schema
   * @throws UnreadableArgumentException if a value fits the schema and not what it is for
   */
  Work prepare(ObjectNode arguments, ToolContext context) throws UnreadableArgumentException;

  /** Adds values for arguments that the call left out. */
  default void addDefaults(ObjectNode arguments) {}

  /** Whether the result may depend on more than the arguments. */
  default boolean readsContext() {
    return false;
  }
}
