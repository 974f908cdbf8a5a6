/** Doubles for tests of agents: no model, no tool, no clock and no network behind them. */
@NullMarked
package io.github.alphaumi.core.testkit;

import org.jspecify.annotations.NullMarked;
