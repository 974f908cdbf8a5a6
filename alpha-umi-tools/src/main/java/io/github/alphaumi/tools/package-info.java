/**
 * What an agent can use: annotated methods of existing objects as a {@link
 * io.github.alphaumi.core.Toolbox}.
 *
 * <p>{@link io.github.alphaumi.tools.AnnotatedTools} turns methods with langchain4j's {@code @Tool}
 * and {@code @P} into tools. A call is mended where that loses nothing, checked against the tool's
 * schema, approved where a {@link io.github.alphaumi.tools.ToolPolicy} asks for it, run within a
 * time limit, and answered with text that a small model can act on. A tool never runs with an
 * argument that its schema does not allow.
 */
@NullMarked
package io.github.alphaumi.tools;

import org.jspecify.annotations.NullMarked;
