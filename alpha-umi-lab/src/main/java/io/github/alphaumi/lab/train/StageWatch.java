package io.github.alphaumi.lab.train;

import java.time.Duration;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/** Tells of a stage's training in words. */
final class StageWatch implements TrainingListener {
  private final Stage stage;
  private final GlpftListener listener;
  private SortedMap<String, Evaluation.Counts> counts = new TreeMap<>();
  private String evaluated = "";

  StageWatch(Stage stage, GlpftListener listener) {
    this.stage = stage;
    this.listener = listener;
  }

  @Override
  public void updated(TrainingStep step) {
    listener.trains(
        stage.name(),
        step.tokens(),
        stage.options().tokens(),
        String.format(
            Locale.ROOT,
            "loss %.3f, %,.0f tokens/s, %s left%s",
            step.smoothedLoss(),
            step.tokensPerSecond(),
            words(step.left()),
            evaluated));
  }

  @Override
  public void evaluated(Evaluation evaluation) {
    counts = evaluation.roles();
    evaluated = "; held out: " + Report.counts(counts);
    listener.says(
        String.format(
            Locale.ROOT,
            "%s: %,d tokens, held-out loss %.3f: %s",
            stage.name(),
            evaluation.tokens(),
            evaluation.loss(),
            Report.counts(counts)));
  }

  /** The newest. */
  SortedMap<String, Evaluation.Counts> counts() {
    return counts;
  }

  private static String words(Duration left) {
    return String.format(
        Locale.ROOT, "%d:%02d:%02d", left.toHours(), left.toMinutesPart(), left.toSecondsPart());
  }
}
