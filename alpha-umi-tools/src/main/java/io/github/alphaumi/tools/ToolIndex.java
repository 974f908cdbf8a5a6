package io.github.alphaumi.tools;

import dev.langchain4j.agent.tool.ToolSpecification;
import java.util.List;

/** Finds the tools of a set that a text asks for. Thread-safe. */
interface ToolIndex {

  /**
   * Positions of tools in the set, the best first.
   *
   * @param limit how many at most; fewer where nothing else has anything to do with the text
   */
  List<Integer> search(String text, int limit);

  /** The words that a tool is found by: its name taken apart, its description, its arguments. */
  static String document(ToolSpecification tool) {
    StringBuilder words = new StringBuilder(words(tool.name()));
    if (tool.description() != null) {
      words.append(". ").append(tool.description());
    }
    if (tool.parameters() != null) {
      tool.parameters()
          .properties()
          .forEach(
              (name, schema) -> {
                words.append(". ").append(words(name));
                if (schema.description() != null) {
                  words.append(": ").append(schema.description());
                }
              });
    }
    return words.toString();
  }

  /** {@code getOrder_status2} as {@code get Order status 2}. */
  private static String words(String name) {
    return name.replaceAll("[^\\p{L}\\p{N}]+", " ")
        .replaceAll("(?<=\\p{Ll})(?=\\p{Lu})|(?<=\\p{L})(?=\\p{N})|(?<=\\p{N})(?=\\p{L})", " ")
        .strip();
  }
}
