package io.github.alphaumi.lab;

import io.github.alphaumi.core.Decision;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A plan, taken apart: the words that say where the run is ("First get the number."), and the tool
 * that it names.
 *
 * @param opening what stands before the tool and the verb in front of it; the whole rationale where
 *     no tool is named
 * @param tool the tool on offer that is named last, outside of quoted values; empty if none is
 */
record PlanText(String opening, String tool) {
  private static final Pattern WORDS =
      Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"|[\\p{L}\\p{N}_.-]*[\\p{L}\\p{N}_-]");
  private static final Pattern VERB = Pattern.compile("\\s*\\S+\\s*$");

  /**
   * @param offered the names of the tools on offer
   */
  static PlanText of(Decision decision, List<String> offered) {
    String rationale = decision.rationale();
    String tool = "";
    int at = rationale.length();
    Matcher word = WORDS.matcher(rationale);
    while (word.find()) {
      if (offered.contains(word.group())) {
        tool = word.group();
        at = word.start();
      }
    }
    String before = rationale.substring(0, at);
    return new PlanText(
        (tool.isEmpty() ? before : VERB.matcher(before).replaceFirst("")).strip(), tool);
  }
}
