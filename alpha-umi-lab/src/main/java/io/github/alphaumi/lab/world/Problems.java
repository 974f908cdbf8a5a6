package io.github.alphaumi.lab.world;

import java.util.ArrayList;
import java.util.List;

/** The faults of one file, each as {@code file:line: what, remedy}. */
final class Problems {
  private final String file;
  private final List<String> found = new ArrayList<>();
  private int line;

  Problems(String file) {
    this.file = file;
  }

  void nextLine() {
    line++;
  }

  int line() {
    return line;
  }

  void add(int at, String what, String remedy) {
    found.add(file + ".txt:" + at + ": " + what + ", " + remedy);
  }

  /** In the line that is being read. */
  void add(String what, String remedy) {
    add(line, what, remedy);
  }

  List<String> found() {
    return List.copyOf(found);
  }
}
