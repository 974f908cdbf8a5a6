package io.github.alphaumi.core;

import java.util.Collection;

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

  static String noToolsToCall() {
    return "there is no tool to call";
  }

  static String toolboxFailed() {
    return "the tool failed";
  }
}
