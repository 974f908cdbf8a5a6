package io.github.alphaumi.lab.train;

/** Checks of a configuration's values. */
final class Settings {

  private Settings() {}

  /**
   * @throws IllegalArgumentException naming the setting, its value and what it may be, unless
   *     {@code holds}
   */
  static void check(boolean holds, String name, Object value, String allowed) {
    if (!holds) {
      throw new IllegalArgumentException(name + " is " + value + "; it is " + allowed);
    }
  }
}
