package io.github.alphaumi.lab.train;

import java.time.Duration;

/**
 * One update of the weights.
 *
 * @param step how many updates there were, with this one
 * @param tokens how many tokens went through the network, with those of this update
 * @param packs how many packs these were
 * @param loss mean cross entropy of this update's targets by their weights, nats
 * @param smoothedLoss moving mean of it
 * @param learningRate of this update
 * @param gradientNorm before clipping
 * @param tokensPerSecond of this update, evaluation left out
 * @param left estimated time until the end, evaluation left out
 */
record TrainingStep(
    long step,
    long tokens,
    long packs,
    double loss,
    double smoothedLoss,
    double learningRate,
    double gradientNorm,
    double tokensPerSecond,
    Duration left) {}
