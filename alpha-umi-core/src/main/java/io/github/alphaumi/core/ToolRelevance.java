package io.github.alphaumi.core;

import dev.langchain4j.agent.tool.ToolSpecification;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the words of a task say for each tool: BM25 over names, descriptions and names of arguments,
 * among the tools on offer. A small model that knows what a request means may still overlook that a
 * tool is called by its very words; the two together choose better than either.
 *
 * @see <a href="https://doi.org/10.1561/1500000019">Robertson and Zaragoza, The Probabilistic
 *     Relevance Framework</a>
 */
final class ToolRelevance {
  /**
   * Logits for each point of BM25. It costs nothing where requests share few words with their tools
   * on purpose: 129 of 147 plans of generated, held-out tasks named the right tool with 0, with 0.4
   * and with 0.5, but 126 with 0.6 and 123 with 1.
   */
  private static final double WEIGHT = 0.4;

  private static final double K1 = 1.2;
  private static final double B = 0.75;
  private static final Pattern WORD = Pattern.compile("\\p{L}+|\\d+");
  private static final Pattern HUMP = Pattern.compile("(?<=\\p{Ll})(?=\\p{Lu})");
  private static final int STEM = 3;

  /** Endings that forms of a word differ by, longer ones first. */
  private static final List<String> ENDINGS =
      List.of("ings", "ing", "ies", "ied", "ed", "es", "ly", "s", "e", "y");

  /** Words that are in requests and descriptions of all kinds. */
  private static final Set<String> COMMON =
      Set.of(
          ("a an the of for to in on at by with and or is are was be i you me my it its this that"
                  + " what which who how can could would please do does did have has get give need"
                  + " want some any from as if your we our us there their so not no hi hello tell"
                  + " show provide")
              .split(" "));

  private ToolRelevance() {}

  /**
   * By tool, what its name's log-probability is to be raised by. Tools without a word of the task
   * are not in it.
   */
  static Map<String, Double> of(String task, List<ToolSpecification> tools) {
    List<Map<String, Integer>> documents = new ArrayList<>();
    Map<String, Integer> spread = new HashMap<>();
    double words = 0;
    for (ToolSpecification tool : tools) {
      Map<String, Integer> counts = counts(text(tool));
      documents.add(counts);
      counts.keySet().forEach(stem -> spread.merge(stem, 1, Integer::sum));
      words += length(counts);
    }
    Set<String> asked = counts(task).keySet();
    Map<String, Double> relevance = new LinkedHashMap<>();
    for (int i = 0; i < tools.size(); i++) {
      Map<String, Integer> document = documents.get(i);
      double norm = K1 * (1 - B + B * length(document) * tools.size() / words);
      double score = 0;
      for (String stem : asked) {
        int count = document.getOrDefault(stem, 0);
        if (count > 0) {
          int in = spread.getOrDefault(stem, 0);
          double rarity = Math.log1p((tools.size() - in + 0.5) / (in + 0.5));
          score += rarity * count * (K1 + 1) / (count + norm);
        }
      }
      if (score > 0) {
        relevance.put(tools.get(i).name(), WEIGHT * score);
      }
    }
    return relevance;
  }

  private static String text(ToolSpecification tool) {
    StringBuilder text = new StringBuilder(tool.name());
    if (tool.description() != null) {
      text.append(' ').append(tool.description());
    }
    if (tool.parameters() != null) {
      tool.parameters().properties().keySet().forEach(name -> text.append(' ').append(name));
    }
    return text.toString();
  }

  private static int length(Map<String, Integer> counts) {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  private static Map<String, Integer> counts(String text) {
    Map<String, Integer> counts = new HashMap<>();
    Matcher words = WORD.matcher(HUMP.matcher(text).replaceAll(" ").toLowerCase(Locale.ROOT));
    while (words.find()) {
      if (!COMMON.contains(words.group())) {
        counts.merge(stem(words.group()), 1, Integer::sum);
      }
    }
    return counts;
  }

  private static String stem(String word) {
    for (String ending : ENDINGS) {
      if (word.endsWith(ending) && word.length() - ending.length() >= STEM) {
        return word.substring(0, word.length() - ending.length());
      }
    }
    return word;
  }
}
