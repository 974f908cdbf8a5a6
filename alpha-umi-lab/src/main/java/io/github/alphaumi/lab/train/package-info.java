/**
 * GLPFT, global-to-local progressive fine-tuning (arXiv 2401.07324, section 3.2): a backbone is
 * trained on whole trajectories, and the roles from it.
 */
@NullMarked
package io.github.alphaumi.lab.train;

import org.jspecify.annotations.NullMarked;
