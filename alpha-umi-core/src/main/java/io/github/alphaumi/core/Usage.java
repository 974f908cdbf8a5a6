package io.github.alphaumi.core;

import java.time.Duration;

/**
 * What a run cost, agents that it asked included. Immutable.
 *
 * @param modelCalls calls of models, all roles together
 * @param toolCalls tools that were started
 * @param inputTokens tokens of all prompts
 * @param cachedTokens how many of them were served from a cache
 * @param outputTokens tokens written by models
 * @param repairs model texts that had to be mended or put right by a default
 * @param cost by the budget's price
 * @param elapsed wall-clock time
 */
public record Usage(
    int modelCalls,
    int toolCalls,
    long inputTokens,
    long cachedTokens,
    long outputTokens,
    int repairs,
    double cost,
    Duration elapsed) {}
