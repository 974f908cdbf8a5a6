package io.github.alphaumi.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/** Takes values that nobody should see out of a result. */
final class Redaction {
  /** Stands where a value was. */
  static final String PLACE = "[redacted]";

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

  /** Replaces these texts wherever they stand: a tool may say again what it was told. */
  static void hide(JsonNode node, Set<String> secrets) {
    if (secrets.isEmpty()) {
      return;
    }
    if (node instanceof ObjectNode object) {
      object.properties().forEach(member -> member.setValue(hidden(member.getValue(), secrets)));
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        array.set(i, hidden(array.get(i), secrets));
      }
    }
  }

  private static JsonNode hidden(JsonNode node, Set<String> secrets) {
    if (node.isContainerNode()) {
      hide(node, secrets);
      return node;
    }
    String text = node.asText();
    String shown = hide(text, secrets);
    return shown.equals(text) ? node : ToolJson.RESULTS.getNodeFactory().textNode(shown);
  }

  /** The same for one text. */
  static String hide(String text, Set<String> secrets) {
    String shown = text;
    for (String secret : secrets) {
      shown = shown.replace(secret, PLACE);
    }
    return shown;
  }

  /** What a log may have of a failure: its kinds and places, without these texts. */
  static Throwable hide(Throwable failure, Set<String> secrets) {
    if (secrets.isEmpty()) {
      return failure;
    }
    Throwable cause = failure.getCause();
    Throwable shown =
        new Throwable(
            hide(failure.toString(), secrets),
            cause == null || cause == failure ? null : hide(cause, secrets));
    shown.setStackTrace(failure.getStackTrace());
    return shown;
  }
}
