package io.github.alphaumi.core;

import io.github.alphaumi.core.testkit.JournalContract;

class MemoryJournalTest extends JournalContract {
  private Journal journal = Journal.inMemory();

  @Override
  protected Journal create() {
    journal = Journal.inMemory();
    return journal;
  }

  @Override
  protected Journal again() {
    return journal;
  }
}
