package io.github.alphaumi.core;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
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

  /** The process ended while the tool ran, and another one goes on. */
  static String outcomeUnknown(String tool) {
    return "it is not known whether "
        + tool
        + " was carried out: the run was cut off while it was at work; it is not called again, find"
        + " out otherwise what it did, or say so in the answer";
  }

  /** The beginning of a result of which no more can be kept. */
  static String resultCut(String text, int most) {
    int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
    return String.format(
        Locale.ROOT,
        "%s [cut here: %,d of %,d characters]",
        text.substring(0, end),
        end,
        text.length());
  }

  /** Why a call is refused that somebody should have decided on. */
  static String nobodyToApprove() {
    return "this call needs approval and nobody can be asked";
  }

  static String approvalTooLate() {
    return "the call that asked for approval is over";
  }

  static String toolboxFailed() {
    return "the tool failed";
  }
}
