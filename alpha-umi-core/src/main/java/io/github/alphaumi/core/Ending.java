package io.github.alphaumi.core;

import java.util.Locale;

/** Why a search ended without being stopped from outside; it may have answers all the same. */
record Ending(StopReason reason, String detail) {

  /** As many answers as were asked for. */
  static Ending answered() {
    return new Ending(StopReason.ANSWERED, "");
  }

  static Ending gaveUp(String rationale) {
    return new Ending(StopReason.GAVE_UP, rationale);
  }

  static Ending steps(int steps) {
    return new Ending(
        StopReason.STEP_LIMIT,
        String.format(Locale.ROOT, "the budget of %,d steps is used up", steps));
  }

  static Ending repeated(int times) {
    return new Ending(
        StopReason.REPEATED_CALL,
        "the planner asked " + times + " times for what it had been told");
  }

  /** Of two branches' ends the one that a larger budget would have changed, else the newer. */
  Ending or(Ending newer) {
    return newer.rank() <= rank() ? newer : this;
  }

  private int rank() {
    return switch (reason) {
      case STEP_LIMIT -> 0;
      case REPEATED_CALL -> 1;
      default -> 2;
    };
  }
}
