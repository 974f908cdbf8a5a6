package io.github.alphaumi.lab.world;

import io.github.alphaumi.core.AlphaUmiException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads one domain file; the README beside the files describes the form. Every fault is collected
 * as {@code file:line: what, remedy}, so that a writer mends them all at once.
 */
final class DomainReader {
  private final String file;
  private final Problems problems;
  private final KindReader kinds;
  private final List<WorldTool> tools = new ArrayList<>();
  private final List<String> alikeLines = new ArrayList<>();
  private final Map<String, Integer> alikeAt = new HashMap<>();
  private String name = "";
  private String title = "";
  private @Nullable ToolReader tool;

  private DomainReader(String file) {
    this.file = file;
    problems = new Problems(file);
    kinds = new KindReader(file, problems);
  }

  /**
   * @param file the file's name without ending
   * @throws AlphaUmiException with all faults, one a line
   */
  static Domain read(String file, List<String> lines) {
    DomainReader reader = new DomainReader(file);
    for (String text : lines) {
      reader.problems.nextLine();
      reader.read(text);
    }
    reader.endTool();
    Domain domain = reader.domain();
    if (!reader.problems.found().isEmpty()) {
      throw new AlphaUmiException(String.join("\n", reader.problems.found()));
    }
    return domain;
  }

  private void read(String text) {
    String words = text.strip();
    if (words.isEmpty() || words.startsWith("#")) {
      return;
    }
    if (text.indexOf('\t') >= 0) {
      problems.add("a tab", "write blanks");
    }
    int indent = text.length() - text.stripLeading().length();
    String[] parts = words.split(" ", 2);
    String rest = parts.length > 1 ? parts[1].strip() : "";
    if (indent == 0) {
      readOuter(parts[0], rest);
    } else if (indent == 2) {
      readInner(parts[0], rest);
    } else {
      problems.add("indented by " + indent, "indent by two blanks or not at all");
    }
  }

  private void readOuter(String word, String rest) {
    switch (word) {
      case "domain" -> {
        String[] parts = rest.split(":", 2);
        name = parts[0].strip();
        title = parts.length > 1 ? parts[1].strip() : "";
        if (!name.equals(file)) {
          problems.add("domain '" + name + "' is not the file's name", "call it " + file);
        }
        if (!name.matches("[a-z0-9-]+")) {
          problems.add("domain '" + name + "'", "use small letters, digits and hyphens");
        }
      }
      case "kind", "entity" -> {
        endTool();
        String[] parts = rest.split(":", 2);
        kinds.define(word, parts[0].strip(), parts.length > 1 ? parts[1].strip() : "");
      }
      case "tool" -> {
        endTool();
        tool = new ToolReader(file, rest, kinds, problems);
      }
      case "same" -> {
        alikeLines.add(rest);
        alikeAt.put(rest, problems.line());
      }
      default ->
          problems.add(
              "unknown word '" + word + "'", "begin with domain, kind, entity, tool or same");
    }
  }

  private void readInner(String word, String rest) {
    if (word.equals("known") || word.equals("again")) {
      kinds.readEntity(word, rest);
    } else if (tool == null) {
      problems.add("'" + word + "' outside of a tool", "put it under its tool");
    } else {
      tool.read(word, rest);
    }
  }

  private void endTool() {
    if (tool != null) {
      tools.add(tool.end());
      tool = null;
    }
  }

  private Domain domain() {
    if (name.isEmpty()) {
      problems.add(1, "no domain", "begin with domain " + file + ": what it is");
    }
    List<List<WorldTool>> alike = new ArrayList<>();
    for (String group : alikeLines) {
      List<WorldTool> found = new ArrayList<>();
      for (String named : KindReader.split(group, ",")) {
        Optional<WorldTool> match =
            tools.stream()
                .filter(
                    candidate ->
                        candidate.names().stream()
                            .anyMatch(
                                any ->
                                    ToolReader.withoutParticles(any)
                                        .equals(ToolReader.withoutParticles(named))))
                .findFirst();
        if (match.isEmpty()) {
          problems.add(
              alikeAt.getOrDefault(group, 1),
              "'" + named + "' is no tool of this file",
              "name one of " + tools.stream().map(WorldTool::name).toList());
        }
        match.ifPresent(found::add);
      }
      alike.add(List.copyOf(found));
    }
    return new Domain(file, title, List.copyOf(tools), List.copyOf(alike));
  }
}
