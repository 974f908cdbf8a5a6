package io.github.alphaumi.lab.train;

/** An endless row of packs. Used by several threads at once. */
@FunctionalInterface
interface Packs {

  /**
   * The pack at a place of the row. The same for the same index, whatever was asked before: a
   * training goes on from the number of its next pack alone.
   *
   * @param index from 0
   */
  Pack at(long index);
}
