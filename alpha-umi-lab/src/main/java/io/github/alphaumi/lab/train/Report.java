package io.github.alphaumi.lab.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What people are told of data and results. */
final class Report {
  private Report() {}

  /** What a stage has to learn from. */
  static List<String> data(Stage stage, List<ShuffledPacks.Part> parts, @Nullable PackFile held) {
    List<String> lines = new ArrayList<>();
    PackStatistics all = new PackStatistics();
    double epoch = 0;
    for (ShuffledPacks.Part part : parts) {
      PackStatistics statistics = part.packs().statistics();
      all.add(statistics);
      epoch += part.share() * statistics.tokens();
    }
    lines.add(
        String.format(
            Locale.ROOT,
            "%s, %s: %,d tokens to train on, %.1f epochs of",
            stage.name(),
            stage.lesson().describe(),
            stage.options().tokens(),
            epoch == 0 ? 0 : stage.options().tokens() / epoch));
    lines.addAll(all.lines());
    if (held != null) {
      lines.add(stage.name() + ", held out:");
      lines.addAll(held.statistics().lines());
    }
    return lines;
  }

  static String counts(SortedMap<String, Evaluation.Counts> roles) {
    return roles.entrySet().stream()
        .map(
            role ->
                String.format(
                    Locale.ROOT,
                    "%s %d/%d exact, %d decided",
                    role.getKey(),
                    role.getValue().exact(),
                    role.getValue().turns(),
                    role.getValue().decisive()))
        .collect(Collectors.joining("; "));
  }

  /** Exact turns only. */
  static String shortCounts(SortedMap<String, Evaluation.Counts> roles) {
    return roles.entrySet().stream()
        .map(role -> role.getKey() + " " + role.getValue().exact() + "/" + role.getValue().turns())
        .collect(Collectors.joining(", "));
  }

  /** What each stage does on held-out data at its end. */
  static List<String> table(Map<String, StageResult> results) {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            "%-12s %-12s %18s %24s", "stage", "role", "exact turns", "deciding part right"));
    results.forEach(
        (stage, result) ->
            result.heldOut().forEach((role, counts) -> lines.add(row(stage, role, counts))));
    return lines.size() == 1 ? List.of("nothing was held out, and so nothing was measured") : lines;
  }

  private static String row(String stage, String role, Evaluation.Counts counts) {
    return String.format(
        Locale.ROOT,
        "%-12s %-12s %18s %24s",
        stage,
        role,
        share(counts.exact(), counts.turns()),
        share(counts.decisive(), counts.turns()));
  }

  private static String share(int of, int all) {
    return String.format(
        Locale.ROOT, "%d of %d, %.1f %%", of, all, all == 0 ? 0.0 : 100.0 * of / all);
  }
}
