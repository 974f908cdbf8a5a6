package io.github.alphaumi.core.cases;

import io.github.alphaumi.core.ToolCall;
import java.util.List;

/**
 * What is expected of a case.
 *
 * @param calls lists of calls of which any one will do, at least one, the first the usual one
 * @param anyOrder whether their order does not matter
 * @param contains of each inner list at least one occurs in the answer
 * @param containsNot what must not occur in the answer
 * @param giveUp whether the task cannot be done
 */
record Expectation(
    List<List<ToolCall>> calls,
    boolean anyOrder,
    List<List<String>> contains,
    List<String> containsNot,
    boolean giveUp) {}
