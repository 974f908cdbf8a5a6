package io.github.alphaumi.core;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** Every text of this module that goes back to a model, each in one place. */
final class ModelMessages {
  private ModelMessages() {}

  static String unknownTool(String name, Collection<String> names) {
    return names.isEmpty()
        ? "there is no tool " + name + " and no other"
        : "there is no tool " + name + "; the tools are " + String.join(", ", names);
  }

  static String unreadableCall(String problem) {
    return "the call could not be read: " + problem;
  }

  /** A call with an effect that was made on another branch, and what it returned there. */
  static String madeBefore(String text) {
    Map<String, Object> note = new LinkedHashMap<>();
    note.put("note", "this call was made in an earlier attempt at the task and is not made again");
    note.put("result", JsonValues.parse(text).orElse(text));
    return PythonJson.write(note);
  }

  static String noToolsToCall() {
    return "there is no tool to call";
  }

  static String toolGivenUp() {
    return "the run ended while the tool was at work; whether it had its effect is unknown";
  }

  static String toolboxFailed() {
    return "the tool failed";
  }
}
