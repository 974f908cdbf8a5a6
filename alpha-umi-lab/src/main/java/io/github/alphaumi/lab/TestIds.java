package io.github.alphaumi.lab;

import io.github.alphaumi.core.AlphaUmiException;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The queries of ToolBench's test sets. Ids are numbered per group (G1, G2, G3); the published code
 * pools them, and so loses training files whose number only another group's test set has.
 */
final class TestIds implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final Pattern GROUP = Pattern.compile("^(G\\d+)_");

  private final HashMap<String, Set<String>> byGroup = new HashMap<>();
  private final boolean pooled;

  private TestIds(boolean pooled) {
    this.pooled = pooled;
  }

  static TestIds none() {
    return new TestIds(true);
  }

  /**
   * @param folder files such as {@code G1_instruction.json}, objects whose keys are ids
   * @param pooled whether an id of any group counts for all
   */
  static TestIds read(Path folder, boolean pooled) throws IOException {
    TestIds ids = new TestIds(pooled);
    if (!Files.isDirectory(folder)) {
      throw new AlphaUmiException("test ids " + folder + " is not a folder");
    }
    for (Path file : Inputs.under(folder)) {
      try {
        ids.byGroup
            .computeIfAbsent(ids.group(file.getFileName().toString(), file), g -> new HashSet<>())
            .addAll(Fields.parse(Files.readAllBytes(file)).keySet());
      } catch (BadRecordException e) {
        throw new AlphaUmiException("test ids " + file + ": " + e.getMessage(), e);
      }
    }
    if (ids.byGroup.isEmpty()) {
      throw new AlphaUmiException("test ids " + folder + " holds no .json file");
    }
    return ids;
  }

  /** Whether a file such as {@code G1_answer/10_ChatGPT_DFS_woFilter_w2.json} answers a test. */
  boolean hold(Path answer) {
    String id = PythonText.beforeFirst(answer.getFileName().toString(), "_");
    if (byGroup.isEmpty()) {
      return false;
    }
    Path folder = answer.toAbsolutePath().getParent().getFileName();
    return byGroup.getOrDefault(group(folder.toString(), answer), Set.of()).contains(id);
  }

  private String group(String name, Path file) {
    if (pooled) {
      return "";
    }
    Matcher group = GROUP.matcher(name);
    if (!group.find()) {
      throw new AlphaUmiException(
          file
              + ": '"
              + name
              + "' does not begin with a group such as G1_, and test ids count per group;"
              + " --pool-test-ids takes an id of any group for all");
    }
    return group.group(1);
  }
}
