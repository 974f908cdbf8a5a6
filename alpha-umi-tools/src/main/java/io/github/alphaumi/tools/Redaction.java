package io.github.alphaumi.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/** Takes values that nobody should see out of a result. */
final class Redaction {
  private static final String PLACE = "[redacted]";

  private Redaction() {}

  /** Replaces the values of members of these names, at any depth. */
  static void apply(JsonNode node, Set<String> names) {
    if (names.isEmpty()) {
      return;
    }
    if (node instanceof ObjectNode object) {
      for (String name : names) {
        if (object.has(name)) {
          object.put(name, PLACE);
        }
      }
    }
    node.forEach(child -> apply(child, names));
  }
}
