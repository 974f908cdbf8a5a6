package io.github.alphaumi.lab.train;

import java.time.Duration;
import java.util.Locale;

/** Tells of a stage's training in words. */
final class StageWatch implements TrainingListener {
  private final Stage stage;
  private final GlpftListener listener;
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
    String counts = Report.counts(evaluation.roles());
    evaluated = "; held out: " + Report.shortCounts(evaluation.roles());
    listener.says(
        String.format(
            Locale.ROOT,
            "%s: %,d tokens, held-out loss %.3f: %s",
            stage.name(),
            evaluation.tokens(),
            evaluation.loss(),
            counts));
  }

  private static String words(Duration left) {
    return String.format(
        Locale.ROOT, "%d:%02d:%02d", left.toHours(), left.toMinutesPart(), left.toSecondsPart());
  }
}
