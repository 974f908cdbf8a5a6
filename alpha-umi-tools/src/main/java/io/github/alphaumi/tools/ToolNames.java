package io.github.alphaumi.tools;

import io.github.alphaumi.core.Observation;
import io.github.alphaumi.core.Observation.Status;
import java.util.Collection;
import java.util.List;

/** What holds for names of tools wherever they come from. */
final class ToolNames {
  private static final int NAMES_OFFERED = 3;

  private ToolNames() {}

  static void check(String name, Problems problems) {
    if (name.isBlank() || name.chars().anyMatch(Character::isWhitespace)) {
      problems.add("tool '" + name + "': its name has white space; models write names without");
    }
  }

  /** The answer to a call of a tool that is not there. */
  static Observation unknown(String name, Collection<String> tools) {
    List<String> nearest = NearNames.nearest(name, tools, NAMES_OFFERED);
    return Observation.error(Status.INVALID, ToolTexts.unknownTool(name, nearest));
  }
}
