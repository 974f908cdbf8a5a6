package io.github.alphaumi.tools;

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

  /** Whether each call has to be approved. */
  boolean approval() default false;

  /** How long a call may take; 0 for the default policy's limit. */
  long timeoutMillis() default 0;

  /** Characters of a result that the model is given; 0 for the default policy's limit. */
  int maxResultChars() default 0;

  /** Whether messages of exceptions go to the model. */
  boolean exposeErrors() default false;
}
