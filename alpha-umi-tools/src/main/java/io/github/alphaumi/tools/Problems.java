package io.github.alphaumi.tools;

import io.github.alphaumi.core.AlphaUmiException;
import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with a set of tools, so that all of it is reported at once. */
final class Problems {
  private final List<String> problems = new ArrayList<>();

  void add(String problem) {
    if (!problems.contains(problem)) {
      problems.add(problem);
    }
  }

  void throwIfAny() {
    if (problems.size() == 1) {
      throw new AlphaUmiException(problems.get(0));
    }
    if (!problems.isEmpty()) {
      throw new AlphaUmiException(
          problems.size() + " problems with the tools:\n- " + String.join("\n- ", problems));
    }
  }
}
