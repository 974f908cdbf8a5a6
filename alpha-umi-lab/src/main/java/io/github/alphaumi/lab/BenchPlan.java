package io.github.alphaumi.lab;

import java.util.List;

/**
 * How much is measured.
 *
 * @param lengths of prompts for prefill, in tokens
 * @param contexts tokens before those that are written for decode
 * @param tokens that are written
 * @param batches how many requests are served at a time
 * @param repetitions of each measurement, after one that is not counted
 */
record BenchPlan(
    List<Integer> lengths,
    List<Integer> contexts,
    int tokens,
    List<Integer> batches,
    int repetitions) {}
