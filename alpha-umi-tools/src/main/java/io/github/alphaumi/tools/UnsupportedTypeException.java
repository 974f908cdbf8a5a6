package io.github.alphaumi.tools;

/** A Java type that no argument can have; the message says why and what to use. */
final class UnsupportedTypeException extends Exception {
  private static final long serialVersionUID = 1L;

  UnsupportedTypeException(String message) {
    super(message);
  }
}
