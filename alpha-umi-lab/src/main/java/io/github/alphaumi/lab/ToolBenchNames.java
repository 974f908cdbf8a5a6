package io.github.alphaumi.lab;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** ToolBench's rules for the names of tools, APIs and arguments. */
final class ToolBenchNames {
  /** The published class of characters has two carets, so that these stay as well. */
  private static final Pattern OTHER = Pattern.compile("[^\\u4e00-\\u9fa5^a-zA-Z0-9_]");

  private static final Pattern UNDERSCORES = Pattern.compile("_+");
  private static final Set<String> RESERVED =
      Set.of("from", "class", "return", "false", "true", "id", "and");
  private static final int LENGTH = 64;

  private ToolBenchNames() {}

  static String standardize(String name) {
    String text =
        UNDERSCORES
            .matcher(OTHER.matcher(name).replaceAll("_"))
            .replaceAll("_")
            .toLowerCase(Locale.ROOT);
    int from = text.startsWith("_") ? 1 : 0;
    int to = text.length() > from && text.endsWith("_") ? text.length() - 1 : text.length();
    String core = text.substring(from, to);
    return !core.isEmpty() && Character.isDigit(core.charAt(0)) ? "get_" + core : core;
  }

  /** A name that is no keyword of Python. */
  static String change(String name) {
    return RESERVED.contains(name) ? "is_" + name : name;
  }

  static String category(String name) {
    return name.replace(' ', '_').replace(',', '_').replace('/', '_').replace("__", "_");
  }

  /** The name under which models know an API. */
  static String function(String api, String tool) {
    return PythonText.tail(change(standardize(api)) + "_for_" + standardize(tool), LENGTH);
  }
}
