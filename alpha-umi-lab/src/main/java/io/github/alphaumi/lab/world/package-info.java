/** The tool world: a seeded generator of tool-use trajectories over hand-written domain files. */
@NullMarked
package io.github.alphaumi.lab.world;

import org.jspecify.annotations.NullMarked;
