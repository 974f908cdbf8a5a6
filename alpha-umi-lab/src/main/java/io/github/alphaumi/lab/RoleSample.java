package io.github.alphaumi.lab;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a role model learns from: a prompt and what has to follow.
 *
 * @param history the turns before the target
 */
record RoleSample(
    List<Map<String, @Nullable Object>> tools, List<Turn> history, String input, String target) {

  /** The files of a training set, in the order of {@link #PLANNER} to {@link #BACKBONE}. */
  static final List<String> FILES =
      List.of(
          "train_planner.json",
          "train_caller.json",
          "train_summarizer.json",
          "train_backbone.json");

  static final String INPUT = "input";
  static final String TARGET = "target";

  static final int PLANNER = 0;
  static final int CALLER = 1;
  static final int SUMMARIZER = 2;
  static final int BACKBONE = 3;

  RoleSample {
    history = List.copyOf(history);
  }

  Map<String, Object> json() {
    Map<String, Object> sample = new LinkedHashMap<>();
    sample.put("tools", tools);
    sample.put("history", history.stream().map(Turn::json).toList());
    sample.put(INPUT, input);
    sample.put(TARGET, target);
    return sample;
  }
}
