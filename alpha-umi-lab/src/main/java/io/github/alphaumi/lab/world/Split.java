package io.github.alphaumi.lab.world;

/** Which part of the world: the one that models learn from, or the one they are tested on. */
public enum Split {
  TRAIN("train"),
  HELD_OUT("held-out");

  private final String folder;

  Split(String folder) {
    this.folder = folder;
  }

  /** The name of the part and of its folder of domain files. */
  @Override
  public String toString() {
    return folder;
  }
}
