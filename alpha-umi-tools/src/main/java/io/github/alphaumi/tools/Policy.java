package io.github.alphaumi.tools;

import io.github.alphaumi.core.Effect;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The {@link ToolPolicy} of a tool method, written on it. What is left out comes from the builder's
 * default policy; a policy given to the builder for the tool's name replaces the annotation as a
 * whole.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Policy {

  /** What a call does to the world; one value, or none for the default policy's. */
  Effect[] effect() default {};

  /** Whether each call has to be approved. */
  boolean approval() default false;

  /** How long an attempt may take; 0 for the default policy's limit. */
  long timeoutMillis() default 0;

  /** Starts of a failing call at most; 0 for the default policy's number and pause. */
  int attempts() default 0;

  /** The pause after the first attempt, doubled after each further one. */
  long backoffMillis() default 500;

  /** Characters of a result that the model is given; 0 for the default policy's limit. */
  int maxResultChars() default 0;

  /** The share of a model's window that a result may take; 0 for the default policy's share. */
  double maxResultShare() default 0;

  /** Whether messages of exceptions go to the model. */
  boolean exposeErrors() default false;

  /** Calls at work at a time; 0 for the default policy's limit. */
  int concurrency() default 0;

  /** Starts in a minute; 0 for the default policy's rate. */
  int callsPerMinute() default 0;

  /** How long a result is given again for the same arguments; 0 for the default policy's time. */
  long cacheMillis() default 0;

  /** Members whose values are taken out of results; none for the default policy's. */
  String[] redacted() default {};

  /** Arguments that only the tool and an approver get; none for the default policy's. */
  String[] redactedArguments() default {};
}
