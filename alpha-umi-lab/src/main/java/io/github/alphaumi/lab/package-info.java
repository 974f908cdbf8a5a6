/** How role models are made and measured: data, evaluation and the {@code umi} command line. */
@NullMarked
package io.github.alphaumi.lab;

import org.jspecify.annotations.NullMarked;
