/** An order service as any shop has it, and an agent that calls its methods. */
@NullMarked
package io.github.alphaumi.quickstart;

import org.jspecify.annotations.NullMarked;
