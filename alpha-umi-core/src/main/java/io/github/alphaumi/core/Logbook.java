package io.github.alphaumi.core;

import java.util.Optional;

/**
 * Which log a run keeps to.
 *
 * @param decision what was decided meanwhile on the call that the run waits for
 */
record Logbook(Journal journal, String runId, Use use, Optional<Approver.Answer> decision) {

  /** What is done with the log. */
  enum Use {
    /** It is written from its beginning. */
    BEGIN,
    /** It is read to its end and written from there. */
    RESUME,
    /** It is only read, and the run ends where it ends. */
    REPLAY
  }

  static Logbook of(Journal journal, String runId, Use use) {
    return new Logbook(journal, runId, use, Optional.empty());
  }
}
