package io.github.alphaumi.core;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One call of one tool, as the caller wrote it. Immutable.
 *
 * <p>The name need not be a tool that exists and the arguments need not fit its schema: a {@link
 * Toolbox} finds that out and answers with an observation.
 *
 * @param name the tool's name
 * @param arguments argument values by name, in the order written: strings, numbers, booleans, null,
 *     lists and maps of these
 */
public record ToolCall(String name, Map<String, @Nullable Object> arguments)
    implements Caller.Turn {

  public ToolCall {
    arguments = JsonValues.copyOf(arguments);
  }

  /** The arguments as one JSON object, with {@code ", "} and {@code ": "} as separators. */
  public String argumentsJson() {
    return PythonJson.write(arguments);
  }

  /** The call as a person would write it: {@code name {"argument": value}}. */
  @Override
  public String toString() {
    return name + " " + argumentsJson();
  }
}
