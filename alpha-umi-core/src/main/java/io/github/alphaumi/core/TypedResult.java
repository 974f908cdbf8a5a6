package io.github.alphaumi.core;

import java.util.Optional;

/**
 * How a run ended that was asked for a value. Immutable.
 *
 * @param result the run; its answer is the text that the value was read from
 * @param value the answer as a value; empty if the run was not answered, or if the answer was no
 *     such value although the model was asked twice
 * @param problem why there is no value; empty if there is one
 */
public record TypedResult<T>(AgentResult result, Optional<T> value, String problem) {

  @Override
  public String toString() {
    return value.map(String::valueOf).orElse("no value: " + problem);
  }
}
