/**
 * What runs look like to those who operate them: observations for Micrometer, with the names of
 * OpenTelemetry's conventions for generative AI.
 *
 * <p>This package alone needs {@code io.micrometer:micrometer-observation} on the class path, and
 * {@link io.github.alphaumi.core.telemetry.RunObservations.Meters} {@code
 * io.micrometer:micrometer-core}; both are optional dependencies of this library.
 */
@NullMarked
package io.github.alphaumi.core.telemetry;

import org.jspecify.annotations.NullMarked;
