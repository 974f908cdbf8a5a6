package io.github.alphaumi.lab.world;

import io.github.alphaumi.core.Decision;
import io.github.alphaumi.core.ToolCall;

/**
 * One call of a trajectory. Immutable.
 *
 * @param observation what the simulated tool gave, as JSON
 * @param failed whether that is an error
 */
public record WorldStep(Decision.Call plan, ToolCall call, String observation, boolean failed) {}
