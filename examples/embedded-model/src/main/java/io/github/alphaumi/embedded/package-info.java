/** A small model for agents in a jar: no download, no server. */
@NullMarked
package io.github.alphaumi.embedded;

import org.jspecify.annotations.NullMarked;
